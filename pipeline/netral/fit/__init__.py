"""From labelled posts to an artifact: features, classifier, calibration, export. The only room that imports scikit-learn."""
