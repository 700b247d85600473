"""What an author's text becomes: labs, exercises, answers, bundles."""
