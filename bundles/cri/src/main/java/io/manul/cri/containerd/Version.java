package io.manul.cri.containerd;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of containerd. Which configuration it reads depends on it: version 2 before 2.0, version 3 from 2.0 on. */
record Version(int major, int minor) {

    private static final Pattern NUMBER = Pattern.compile("(?:^|\\s)v?(\\d+)\\.(\\d+)[.\\d]*");

    /** @param line what {@code containerd --version} prints */
    static Version parse(String line) {
        Matcher number = NUMBER.matcher(line);
        if (!number.find()) {
            throw new IllegalStateException("`containerd --version` printed no version: " + line.strip());
        }
        Version version = new Version(Integer.parseInt(number.group(1)), Integer.parseInt(number.group(2)));
        if (version.major < 1 || version.major == 1 && version.minor < 6) {
            throw new IllegalStateException("containerd " + version + " is too old: 1.6 or later is needed (CRI v1)");
        }
        return version;
    }

    boolean atLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || major == otherMajor && minor >= otherMinor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
