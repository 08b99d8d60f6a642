package io.manul.cri.grpc;

import io.manul.cri.CriException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** How a call ended: grpc-status and grpc-message, or what stands in their place when the stream broke. */
record Status(CriException.Code code, String message) {

    static Status of(CharSequence number, CharSequence message) {
        int code;
        try {
            code = Integer.parseInt(number.toString());
        } catch (NumberFormatException e) {
            return new Status(CriException.Code.UNKNOWN, "grpc-status \"" + number + "\" is not a number");
        }
        return new Status(CriException.Code.of(code), message == null ? "" : percentDecoded(message.toString()));
    }

    /** What an HTTP answer without grpc-status means (grpc/doc/http-grpc-status-mapping.md). */
    static Status ofHttp(CharSequence status) {
        CriException.Code code = switch (String.valueOf(status)) {
            case "400" -> CriException.Code.INTERNAL;
            case "401" -> CriException.Code.UNAUTHENTICATED;
            case "403" -> CriException.Code.PERMISSION_DENIED;
            case "404" -> CriException.Code.UNIMPLEMENTED;
            case "429", "502", "503", "504" -> CriException.Code.UNAVAILABLE;
            default -> CriException.Code.UNKNOWN;
        };
        return new Status(code, "HTTP status " + status + " and no grpc-status: no gRPC server answers at this socket");
    }

    /** HTTP/2 error codes as gRPC's statuses (PROTOCOL-HTTP2.md, Errors). */
    static Status ofReset(long error) {
        CriException.Code code = switch ((int) error) {
            case 7 -> CriException.Code.UNAVAILABLE;
            case 8 -> CriException.Code.CANCELLED;
            case 11 -> CriException.Code.RESOURCE_EXHAUSTED;
            case 12 -> CriException.Code.PERMISSION_DENIED;
            default -> CriException.Code.INTERNAL;
        };
        return new Status(code, "the stream was reset, HTTP/2 error code " + error);
    }

    boolean ok() {
        return code == CriException.Code.OK;
    }

    CriException exception(String method) {
        String call = method.substring(method.lastIndexOf('/') + 1);
        return new CriException(code, call + ": " + message);
    }

    /** Bytes that were written as %XX; anything malformed stays as it is, as the specification asks. */
    static String percentDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(in[i + 2], 16) : -1;
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(in[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
