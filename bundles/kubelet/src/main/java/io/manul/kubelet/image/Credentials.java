package io.manul.kubelet.image;

import io.manul.cri.v1.AuthConfig;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import io.manul.kubelet.container.ConfigException;
import io.manul.kubelet.container.References;
import io.manul.kubelet.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Registry credentials of a pod's imagePullSecrets (Kubernetes, "Pull an Image from a Private Registry"). */
final class Credentials {

    private final References references;

    Credentials(References references) {
        this.references = references;
    }

    /** Those that fit the image, in the order of the secrets. A secret that is missing is passed over, as upstream does. */
    List<AuthConfig> of(Pod pod, String image) throws ConfigException, InterruptedException {
        List<AuthConfig> out = new ArrayList<>();
        for (Obj reference : pod.spec().objects("imagePullSecrets")) {
            Optional<Obj> secret = references.secret(pod.namespace(), reference.text("name"));
            if (secret.isPresent()) {
                byte[] file = References.ofSecret(secret.get()).get(".dockerconfigjson");
                auths(file, image, out);
            }
        }
        return out;
    }

    static void auths(byte[] file, String image, List<AuthConfig> out) {
        if (file == null) {
            return;
        }
        try {
            Obj auths = Obj.parse(file).at("auths");
            for (String registry : auths.map().keySet()) {
                if (fits(registry, image)) {
                    out.add(auth(registry, auths.at(registry)));
                }
            }
        } catch (JsonException | IllegalArgumentException e) {
            throw new IllegalArgumentException("imagePullSecrets: .dockerconfigjson is not readable: " + e.getMessage(), e);
        }
    }

    private static AuthConfig auth(String registry, Obj entry) {
        AuthConfig.Builder out = AuthConfig.newBuilder().setServerAddress(registry).setUsername(entry.text("username"))
                .setPassword(entry.text("password")).setIdentityToken(entry.text("identitytoken"));
        if (!entry.text("auth").isEmpty()) {
            String pair = new String(Base64.getDecoder().decode(entry.text("auth")), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon > 0) {
                out.setUsername(pair.substring(0, colon)).setPassword(pair.substring(colon + 1));
            }
        }
        return out.build();
    }

    /** The registry's host, and a path prefix where the key has one, are the image's. */
    static boolean fits(String key, String image) {
        String k = key.replaceFirst("^https?://", "").replaceFirst("/v[12]/?$", "").replaceFirst("/$", "");
        String full = full(image);
        if (k.equals("index.docker.io") || k.equals("registry-1.docker.io")) {
            k = "docker.io";
        }
        return full.equals(k) || full.startsWith(k + "/") || full.startsWith(k + ":");
    }

    /** With its registry: {@code busybox} is {@code docker.io/library/busybox}. */
    static String full(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
            return image;
        }
        return "docker.io/" + (slash < 0 ? "library/" : "") + image;
    }
}
