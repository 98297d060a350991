package org.ilb.controller.edit;

/** A class does not look as the edit expects. */
public final class EditMissedException extends Exception {
    private static final long serialVersionUID = 1;

    EditMissedException(String className, int places) {
        super(className.replace('/', '.') + " has " + places + " places to edit where one was expected");
    }
}
