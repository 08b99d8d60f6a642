package io.manul.apiserver.spi;

/** An authorizer's answer; NO_OPINION from all of them means forbidden. @param reason for the message; may be empty */
public record Decision(Kind kind, String reason) {
    public enum Kind { ALLOW, DENY, NO_OPINION }

    public boolean allowed() {
        return kind == Kind.ALLOW;
    }
}
