package io.manul.client;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Gives rooms of this JVM the API under the identity they act as. Never replaced. */
@ProviderType
public interface Clusters {
    /**
     * @param user   e.g. {@code system:kube-scheduler}, {@code system:node:NAME},
     *               {@code system:serviceaccount:kube-system:deployment-controller}
     * @param groups e.g. {@code system:nodes}; {@code system:authenticated} is added by the API server
     * @param room   the calling room, for logs and the user agent
     */
    Cluster as(String user, List<String> groups, String room);

    /** A controller of kube-controller-manager: user {@code system:serviceaccount:kube-system:NAME} with its groups. */
    default Cluster controller(String name, String room) {
        return as("system:serviceaccount:kube-system:" + name,
                List.of("system:serviceaccounts", "system:serviceaccounts:kube-system"), room);
    }
}
