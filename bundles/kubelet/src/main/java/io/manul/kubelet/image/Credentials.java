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

/** Credentials for registries from {@code imagePullSecrets} (Kubernetes, "Pull an Image from a Private Registry"). */
public final class Credentials {

    private final References references;

    public Credentials(References references) {
        this.references = references;
    }

    /** What may open that image's registry; a secret that is missing is passed over, as upstream does. */
    List<AuthConfig> of(Pod pod, String image) throws ConfigException, InterruptedException {
        List<AuthConfig> found = new ArrayList<>();
        for (Obj reference : pod.spec().objects("imagePullSecrets")) {
            Optional<Obj> secret = references.secret(pod.namespace(), reference.text("name"));
            if (secret.isPresent()) {
                read(secret.get(), image, found);
            }
        }
        return found;
    }

    private static void read(Obj secret, String image, List<AuthConfig> found) throws ConfigException {
        boolean old = secret.text("type").equals("kubernetes.io/dockercfg");
        byte[] json = References.ofSecret(secret).get(old ? ".dockercfg" : ".dockerconfigjson");
        if (json == null) {
            return;
        }
        try {
            Obj all = Obj.parse(json);
            Obj auths = old ? all : all.at("auths");
            for (String server : auths.map().keySet()) {
                if (matches(server, image)) {
                    found.add(auth(auths.at(server), server));
                }
            }
        } catch (JsonException | IllegalArgumentException e) {
            throw new ConfigException("secret " + secret.namespace() + "/" + secret.name() + " holds no registry credentials: " + e.getMessage());
        }
    }

    /** A registry with an optional path: {@code https://registry.example:5000/team/}. */
    static boolean matches(String server, String image) {
        String wanted = server.replaceFirst("^https?://", "").replaceFirst("/(v[12]/?)?$", "");
        String full = image;
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        if (slash < 0) {
            full = "docker.io/library/" + image;
        } else if (!first.contains(".") && !first.contains(":") && !first.equals("localhost")) {
            full = "docker.io/" + image;
        }
        if (wanted.equals("index.docker.io")) {
            wanted = "docker.io";
        }
        return full.startsWith(wanted + "/");
    }

    private static AuthConfig auth(Obj entry, String server) {
        AuthConfig.Builder out = AuthConfig.newBuilder().setServerAddress(server).setUsername(entry.text("username"))
                .setPassword(entry.text("password")).setIdentityToken(entry.text("identitytoken"))
                .setRegistryToken(entry.text("registrytoken"));
        String both = entry.text("auth");
        if (!both.isEmpty()) {
            String text = new String(Base64.getDecoder().decode(both), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon > 0) {
                out.setUsername(text.substring(0, colon)).setPassword(text.substring(colon + 1));
            }
        }
        return out.build();
    }
}
