package io.manul.network.ingress;

import io.manul.json.Obj;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an Ingress says beside its rules: annotations {@code ingress.manul.io/NAME}, and the same of ingress-nginx
 * ({@code nginx.ingress.kubernetes.io/NAME}), which many charts carry: ssl-redirect, force-ssl-redirect, proxy-body-size,
 * proxy-read-timeout (seconds), backend-protocol (HTTP, HTTPS, GRPC, GRPCS).
 */
final class Annotations {

    static final String OURS = "ingress.manul.io/";
    private static final String NGINX = "nginx.ingress.kubernetes.io/";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kmg]?)", Pattern.CASE_INSENSITIVE);
    private static final long MOST_SECONDS = 86_400;

    private final Map<String, String> all;
    private final Consumer<String> wrong;

    /** @param wrong told what a value is not */
    Annotations(Obj ingress, Consumer<String> wrong) {
        this.all = ingress.annotations();
        this.wrong = wrong;
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(all.getOrDefault(OURS + name, all.get(NGINX + name))).map(String::strip).filter(v -> !v.isEmpty());
    }

    /** @param tls the host has a certificate: then HTTPS is asked for unless said otherwise */
    boolean redirect(boolean tls) {
        return flag("force-ssl-redirect").orElse(false) || tls && flag("ssl-redirect").orElse(true);
    }

    private Optional<Boolean> flag(String name) {
        return text(name).flatMap(v -> switch (v.toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> bad(name, v, "true or false");
        });
    }

    /** Bytes; 0: any size. */
    long bodyBytes() {
        return text("proxy-body-size").flatMap(v -> {
            Matcher m = SIZE.matcher(v);
            if (!m.matches()) {
                return this.<Long>bad("proxy-body-size", v, "a number of bytes, or one with k, m or g");
            }
            long unit = switch (m.group(2).toLowerCase(Locale.ROOT)) {
                case "k" -> 1L << 10;
                case "m" -> 1L << 20;
                case "g" -> 1L << 30;
                default -> 1;
            };
            return Optional.of(Long.parseLong(m.group(1)) * unit);
        }).orElse(0L);
    }

    long timeoutMillis(Protocol protocol) {
        return text("proxy-read-timeout").flatMap(v -> v.matches("\\d{1,5}") && Long.parseLong(v) > 0 && Long.parseLong(v) <= MOST_SECONDS
                ? Optional.of(Long.parseLong(v) * 1000) : this.<Long>bad("proxy-read-timeout", v, "seconds, 1 to " + MOST_SECONDS))
                .orElse(protocol == Protocol.H2C || protocol == Protocol.H2 ? Options.STREAM_TIMEOUT_MILLIS : Options.TIMEOUT_MILLIS);
    }

    /** @param appProtocol of the Service's port; empty for none */
    Protocol protocol(String appProtocol) {
        return text("backend-protocol").flatMap(v -> switch (v.toUpperCase(Locale.ROOT)) {
            case "HTTP" -> Optional.of(Protocol.HTTP);
            case "HTTPS" -> Optional.of(Protocol.HTTPS);
            case "GRPC", "H2C" -> Optional.of(Protocol.H2C);
            case "GRPCS" -> Optional.of(Protocol.H2);
            default -> this.<Protocol>bad("backend-protocol", v, "HTTP, HTTPS, GRPC or GRPCS");
        }).orElse(switch (appProtocol.toLowerCase(Locale.ROOT)) {
            case "https" -> Protocol.HTTPS;
            case "kubernetes.io/h2c", "h2c", "grpc" -> Protocol.H2C;
            default -> Protocol.HTTP;
        });
    }

    private <T> Optional<T> bad(String name, String value, String wanted) {
        wrong.accept("annotation " + name + " is \"" + value + "\": must be " + wanted + "; its default is taken");
        return Optional.empty();
    }
}
