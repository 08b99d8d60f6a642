package io.manul.kubelet.container;

import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.util.List;

/** {@code /etc/hosts} of a pod (Kubernetes, "Adding entries to Pod /etc/hosts with HostAliases"). */
public final class HostsFile {

    private HostsFile() {
    }

    /** @param host the node's own file, for pods on its network */
    public static String of(Pod pod, List<String> ips, String domain, String host) {
        StringBuilder out = new StringBuilder();
        if (pod.hostNetwork()) {
            out.append("# Kubernetes-managed hosts file (host network).\n").append(host);
        } else {
            out.append("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
                    + "fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
            String name = hostname(pod);
            String subdomain = pod.spec().text("subdomain");
            for (String ip : ips) {
                out.append(ip).append('\t');
                if (!subdomain.isEmpty()) {
                    out.append(name).append('.').append(subdomain).append('.').append(pod.namespace()).append(".svc.")
                            .append(domain).append('\t');
                }
                out.append(name).append('\n');
            }
        }
        List<Obj> aliases = pod.spec().objects("hostAliases");
        if (!aliases.isEmpty()) {
            out.append("\n# Entries added by HostAliases.\n");
            aliases.forEach(a -> out.append(a.text("ip")).append('\t').append(String.join("\t", a.strings("hostnames"))).append('\n'));
        }
        return out.toString();
    }

    /** {@code spec.hostname}, or the pod's name; at most 63 characters, as the kernel wants it. */
    public static String hostname(Pod pod) {
        String name = pod.spec().string("hostname").orElse(pod.name());
        if (name.length() <= 63) {
            return name;
        }
        return name.substring(0, 63).replaceAll("[-.]+$", "");
    }
}
