package io.fluxfoam.learn;

/**
 * Grey pictures and what each shows. The labels are for teachers and exams: no student sees one.
 *
 * @param side rows and columns of a picture
 * @param classes how many kinds there are
 * @param pixels of all pictures, one after the other
 * @param labels of all pictures
 */
record LabelledPictures(int side, int classes, byte[] pixels, byte[] labels) {
    int count() {
        return labels.length;
    }

    int inputs() {
        return side * side;
    }

    int label(int index) {
        return labels[index];
    }
}
