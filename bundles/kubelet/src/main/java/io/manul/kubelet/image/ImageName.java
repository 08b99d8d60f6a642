package io.manul.kubelet.image;

import java.util.Optional;
import java.util.regex.Pattern;

/** References of images (distribution/reference, "Grammar"): domain, path, tag and digest. Pure. */
final class ImageName {

    private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String DOMAIN = "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+])(?::[0-9]+)?";
    private static final String STEP = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String TAG = "(?::[\\w][\\w.-]{0,127})?";
    private static final String DIGEST = "(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?";
    private static final Pattern REFERENCE = Pattern.compile("(?:" + DOMAIN + "/)?" + STEP + "(?:/" + STEP + ")*" + TAG + DIGEST);
    private static final Pattern ID = Pattern.compile("(?:sha256:)?[a-f0-9]{64}");

    private ImageName() {
    }

    /** What is wrong with it, in upstream's words; empty when it is a reference. */
    static Optional<String> fault(String image) {
        if (REFERENCE.matcher(image).matches() || ID.matcher(image).matches()) {
            return Optional.empty();
        }
        return Optional.of("Failed to apply default image tag \"" + image + "\": couldn't parse image name \"" + image
                + "\": invalid reference format");
    }
}
