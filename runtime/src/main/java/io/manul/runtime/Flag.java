package io.manul.runtime;

/**
 * One setting of {@code manul server} or {@code manul agent}: a flag, a key of the configuration file, an environment variable (K3S.md 1.2 to 1.4).
 *
 * @param name    long name without dashes; also the key in the file and the framework property {@code manul.NAME}
 * @param shorts  one-letter form, or empty
 * @param kind    what values it takes
 * @param env     suffix of {@code MANUL_} and {@code K3S_} variables, or empty
 * @param initial default as shown in the help; empty when it depends on the machine
 */
record Flag(String name, String shorts, Kind kind, String env, String initial, String help) {

    enum Kind { TEXT, LIST, SWITCH }
}
