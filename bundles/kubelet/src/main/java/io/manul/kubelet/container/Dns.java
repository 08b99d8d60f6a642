package io.manul.kubelet.container;

import io.manul.cri.v1.DNSConfig;
import io.manul.json.Obj;
import io.manul.kubelet.model.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Name resolution in a pod (Kubernetes, "DNS for Services and Pods", "Pod's DNS Policy" and "Pod's DNS Config"). */
public record Dns(String clusterDns, String domain) {

    private static final int MOST_SERVERS = 3;
    private static final int MOST_SEARCHES = 32;

    private static final int LONGEST_SEARCH = 253;
    private static final int LONGEST_SEARCHES = 2048;

    /** @param host lines of the node's resolv.conf */
    public DNSConfig of(Pod pod, List<String> host) {
        return of(pod, host, new ArrayList<>());
    }

    /** What of the pod's and the node's configuration is left out, as upstream says it in the Event DNSConfigForming. */
    public List<String> omitted(Pod pod, List<String> host) {
        List<String> said = new ArrayList<>();
        of(pod, host, said);
        return said;
    }

    private DNSConfig of(Pod pod, List<String> host, List<String> said) {
        List<String> servers = new ArrayList<>();
        List<String> searches = new ArrayList<>();
        Map<String, String> options = new LinkedHashMap<>();
        String policy = pod.spec().string("dnsPolicy").orElse("ClusterFirst");
        boolean cluster = policy.equals("ClusterFirstWithHostNet") || policy.equals("ClusterFirst") && !pod.hostNetwork();
        if (cluster && !clusterDns.isEmpty()) {
            servers.addAll(List.of(clusterDns.split(",")));
            searches.addAll(List.of(pod.namespace() + ".svc." + domain, "svc." + domain, domain));
            searches.addAll(words(host, "search"));
            options.put("ndots", "5");
        } else if (!policy.equals("None")) {
            servers.addAll(words(host, "nameserver"));
            searches.addAll(words(host, "search"));
            words(host, "options").forEach(o -> option(options, o));
        }
        Obj more = pod.spec().at("dnsConfig");
        servers.addAll(more.strings("nameservers"));
        searches.addAll(more.strings("searches"));
        more.objects("options").forEach(o -> options.put(o.text("name"), o.text("value")));
        DNSConfig.Builder out = DNSConfig.newBuilder();
        out.addAllServers(servers(new LinkedHashSet<>(servers), said));
        out.addAllSearches(searches(new LinkedHashSet<>(searches), said));
        options.forEach((k, v) -> out.addOptions(v.isEmpty() ? k : k + ":" + v));
        return out.build();
    }

    private static List<String> servers(Collection<String> all, List<String> said) {
        List<String> kept = all.stream().limit(MOST_SERVERS).toList();
        if (kept.size() < all.size()) {
            said.add("Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: " + String.join(" ", kept));
        }
        return kept;
    }

    private static List<String> searches(Collection<String> all, List<String> said) {
        List<String> kept = new ArrayList<>(all.stream().limit(MOST_SEARCHES).filter(s -> s.length() <= LONGEST_SEARCH).toList());
        while (String.join(" ", kept).length() > LONGEST_SEARCHES) {
            kept.removeLast();
        }
        if (kept.size() < all.size()) {
            said.add("Search Line limits were exceeded, some search paths have been omitted, the applied search line is: " + String.join(" ", kept));
        }
        return kept;
    }

    private static void option(Map<String, String> options, String text) {
        int colon = text.indexOf(':');
        options.put(colon < 0 ? text : text.substring(0, colon), colon < 0 ? "" : text.substring(colon + 1));
    }

    /** The words after a keyword; of repeated {@code search} and {@code options} lines the last, of {@code nameserver} all. */
    private static List<String> words(List<String> lines, String keyword) {
        List<String> out = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words.length > 1 && words[0].equals(keyword)) {
                if (!keyword.equals("nameserver")) {
                    out.clear();
                }
                List<String> rest = List.of(words).subList(1, words.length);
                if (keyword.equals("search")) {
                    rest.stream().filter(s -> !s.equals(".")).map(s -> s.replaceFirst("\\.$", "")).forEach(out::add);
                } else {
                    out.addAll(keyword.equals("nameserver") ? rest.subList(0, 1) : rest);
                }
            }
        }
        return out;
    }
}
