"""From labelled posts to an artifact: features, classifier, calibration, export. The room of scikit-learn."""
