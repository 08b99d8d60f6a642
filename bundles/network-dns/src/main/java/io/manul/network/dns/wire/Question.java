package io.manul.network.dns.wire;

/** What is asked. @param type of record @param group class; 1 is the Internet */
public record Question(Name name, int type, int group) {
    public static final int IN = 1;
}
