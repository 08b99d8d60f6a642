package io.manul.kubelet.runtime;

import io.manul.cri.CriException;
import java.util.Locale;
import java.util.Set;

/** What the runtime refused, as upstream's kubelet words it in events and statuses. Pure. */
public final class CriWords {

    private static final Set<String> CALLS = Set.of("RunPodSandbox", "CreateContainer", "StartContainer", "PullImage", "ImageStatus", "ExecSync");

    private CriWords() {
    }

    /** The runtime's own words, without the name of the call. */
    public static String said(CriException e) {
        String message = e.getMessage();
        int colon = message.indexOf(": ");
        return colon > 0 && CALLS.contains(message.substring(0, colon)) ? message.substring(colon + 2) : message;
    }

    /** As gRPC for Go prints an error: {@code rpc error: code = NotFound desc = ...}. */
    public static String rpc(CriException e) {
        StringBuilder code = new StringBuilder();
        for (String word : e.code().name().split("_")) {
            code.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return "rpc error: code = " + code + " desc = " + said(e);
    }
}
