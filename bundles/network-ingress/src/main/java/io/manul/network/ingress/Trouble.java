package io.manul.network.ingress;

import io.manul.json.Obj;

/** Something that the author of an Ingress should know; told as an event. */
record Trouble(Obj ingress, String reason, String message) {

    String identity() {
        return ingress.uid() + " " + reason + " " + message;
    }
}
