package io.manul.network.dns.config;

/** What was not understood. @param key of the ConfigMap @param line counted from 1 */
public record Problem(String key, int line, String text, String why) {
    @Override
    public String toString() {
        return key + " line " + line + ": `" + text + "` " + why;
    }
}
