package io.manul.helm.source;

import io.manul.helm.HelmException;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Charts in an OCI registry (OCI Distribution 1.1; Helm, "Use OCI-based registries"): tags are versions, with _ for +. */
final class Registry {

    private static final String LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final Pattern CHALLENGE = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final Web web;
    private final Access access;
    private final String host;
    private final String repository;
    private String authorization = "";

    /** @param reference {@code oci://HOST/REPOSITORY} */
    Registry(Web web, Access access, String reference) throws HelmException {
        String rest = reference.substring("oci://".length());
        int slash = rest.indexOf('/');
        if (slash <= 0 || slash == rest.length() - 1) {
            throw new HelmException(reference + " is no OCI reference: oci://HOST/REPOSITORY is expected");
        }
        this.web = web;
        this.access = access;
        this.host = rest.substring(0, slash);
        this.repository = rest.substring(slash + 1);
    }

    byte[] fetch(String constraint) throws HelmException, InterruptedException {
        String exact = constraint.replace('+', '_');
        String tag = constraint.matches("v?\\d+\\.\\d+\\.\\d+\\S*") && !constraint.contains("x") ? exact : Versions.best(tags(), constraint)
                .orElseThrow(() -> new HelmException("oci://" + host + "/" + repository + " has no version that fits \"" + constraint + "\"")).replace('+', '_');
        Obj manifest = json(ask("/manifests/" + tag, MANIFEST));
        Obj layer = manifest.objects("layers").stream().filter(l -> l.text("mediaType").equals(LAYER)).findFirst()
                .orElseThrow(() -> new HelmException("oci://" + host + "/" + repository + ":" + tag + " is no Helm chart"));
        byte[] blob = ask("/blobs/" + layer.text("digest"), "*/*");
        if (!layer.text("digest").equals("sha256:" + sha256(blob))) {
            throw new HelmException("oci://" + host + "/" + repository + ":" + tag + ": the content does not have the digest " + layer.text("digest"), true);
        }
        return blob;
    }

    private List<String> tags() throws HelmException, InterruptedException {
        return json(ask("/tags/list", "application/json")).strings("tags").stream().map(t -> t.replace('_', '+')).toList();
    }

    private byte[] ask(String path, String accept) throws HelmException, InterruptedException {
        URI uri = URI.create((access.plainHttp() ? "http" : "https") + "://" + host + "/v2/" + repository + path);
        Web.Answer answer = web.get(uri, headers(accept), access.passToAll());
        if (answer.status() == 401) {
            authorization = authorize(answer.headers().getOrDefault("www-authenticate", ""));
            answer = web.get(uri, headers(accept), access.passToAll());
        }
        if (answer.status() != 200) {
            throw new HelmException(uri + " answers " + answer.status() + (answer.status() == 401 || answer.status() == 403
                    ? "; check dockerRegistrySecret" : ""), answer.status() >= 500 || answer.status() == 429);
        }
        return answer.body();
    }

    private Map<String, String> headers(String accept) {
        return authorization.isEmpty() ? Map.of("Accept", accept) : Map.of("Accept", accept, "Authorization", authorization);
    }

    /** Basic, or a token from where the challenge says (Distribution, "Token Authentication"). */
    private String authorize(String challenge) throws HelmException, InterruptedException {
        Optional<String> basic = credentials().map(c -> "Basic " + Base64.getEncoder().encodeToString(c.getBytes(StandardCharsets.UTF_8)));
        if (!challenge.regionMatches(true, 0, "bearer", 0, 6)) {
            return basic.orElse("");
        }
        Map<String, String> fields = new java.util.HashMap<>();
        Matcher m = CHALLENGE.matcher(challenge);
        while (m.find()) {
            fields.put(m.group(1), m.group(2));
        }
        URI realm = URI.create(fields.getOrDefault("realm", "") + "?service=" + encode(fields.getOrDefault("service", "")) + "&scope="
                + encode(fields.getOrDefault("scope", "repository:" + repository + ":pull")));
        Web.Answer answer = web.get(realm, basic.map(b -> Map.of("Authorization", b)).orElse(Map.of()), false);
        if (answer.status() != 200) {
            throw new HelmException(realm.getHost() + " gives no token: it answers " + answer.status() + "; check dockerRegistrySecret", answer.status() >= 500);
        }
        Obj token = json(answer.body());
        return "Bearer " + token.string("token").orElse(token.text("access_token"));
    }

    private Optional<String> credentials() throws HelmException {
        if (access.dockerConfig().isPresent()) {
            Obj auth = json(access.dockerConfig().get().getBytes(StandardCharsets.UTF_8)).at("auths", host);
            if (auth.has("auth")) {
                return Optional.of(new String(Base64.getDecoder().decode(auth.text("auth")), StandardCharsets.UTF_8));
            }
            if (auth.has("username")) {
                return Optional.of(auth.text("username") + ":" + auth.text("password"));
            }
        }
        return access.user();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Obj json(byte[] body) throws HelmException {
        try {
            return Obj.parse(body);
        } catch (JsonException e) {
            throw new HelmException(host + " does not answer as a registry does: " + e.getMessage());
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
