"""What instructors run: build labs, release them, grade a class, report."""
