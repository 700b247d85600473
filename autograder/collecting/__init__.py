"""From what a platform, a student or a mail gives to ``DIR/submitted``."""
