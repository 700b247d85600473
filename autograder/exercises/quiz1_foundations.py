"""The chapter quiz: ten questions over Labs 1 to 4."""

from autograder.authoring.quiz import Question, quiz

FOUNDATIONS_QUIZ = quiz(
    "foundations_quiz",
    "Chapter quiz",
    Question(
        "C",
        A="the number of parameters is not the point: without the hidden sigmoid it would still be nine, and in vain.",
        B="no straight line parts the corners of XOR, so a single neuron fails however long it learns.",
        D="its output comes from a sigmoid, as a single neuron's does, so it stays between 0 and 1.",
    ),
    Question(
        "A",
        B="these are the weights alone; each unit has a bias, too.",
        C="the 32 samples do not need parameters of their own: all of them meet the same layer.",
        D="there is a bias for each unit of the layer, not for each of its inputs.",
    ),
    Question(
        "D",
        A="that would come of dividing the logits; adding the same number keeps all their differences.",
        B="the probabilities of a sample add up to 1, so they cannot all grow.",
        C="that would come of multiplying the logits; softmax looks only at the differences between them.",
    ),
    Question(
        "B",
        A="the chain rule subtracts nothing: along the way slopes multiply.",
        C="it vanishes even when all layers have weights of the same size.",
        D="nothing is shared out: each parameter has a gradient of its own.",
    ),
    Question(
        "A",
        B="this is one minus the probability, which never exceeds 1, so it is mild with a network that is sure and "
        "wrong.",
        C="then the loss would be smallest for the network that expected the truth the least.",
        D="the loss does not count right and wrong answers; it depends on the probability itself.",
    ),
    Question(
        "D",
        A="the prediction was too low, and this would lower it further: the step goes against the gradient.",
        B="each weight moves by the error times its own input, and here the two inputs differ.",
        C="0.8 is the size of the gradient; the learning rate says how much of it to take.",
    ),
    Question(
        "B",
        A="steps that are too long make the loss jump about or grow; here it stands still.",
        C="even so every batch would lead to a step, and steps change the loss.",
        D="a network that overfits gets better and better on its training samples.",
    ),
    Question(
        "C",
        A="the fewer samples in a batch, the noisier its gradient, so it would tremble more.",
        B="longer steps overshoot further, so it would tremble more.",
        D="the trembling comes from noisy steps of a fixed length, wherever the walk began.",
    ),
    Question(
        "D",
        A="these have been trained ten epochs past the point where it still helped.",
        B="the training loss falls even while a network memorises, so it cannot tell when to stop.",
        C="a test part that helps to choose is no longer a neutral witness; it is asked once, at the very end.",
    ),
    Question(
        "B",
        A="it may well help: units that cannot rely on each other find it harder to memorise.",
        C="it may well help: images that keep changing are hard to learn by heart.",
        D="it may well help: what a network memorises, it mostly learns late, after the two losses have parted.",
    ),
)
