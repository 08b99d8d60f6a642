package io.manul.schema.internal;

import io.manul.schema.GroupVersion;
import io.manul.schema.Resource;
import io.manul.schema.Subresource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * resources.txt: a line {@code @ GROUP VERSION [unserved]} per group version, a line of a resource below it, and below that
 * its sub-resources, indented by one blank. A dash is an empty word.
 *
 * <pre>
 * PLURAL SINGULAR KIND LISTKIND (namespaced|cluster) TYPE VERBS SHORTNAMES CATEGORIES HASH
 *  NAME GROUP/VERSION KIND VERBS
 * </pre>
 */
final class ResourceTable {

    private final List<GroupVersion> groupVersions = new ArrayList<>();
    private final Map<GroupVersion, List<Resource>> resources = new HashMap<>();
    private final Set<String> preferred = new HashSet<>();

    static ResourceTable read(byte[] utf8) {
        ResourceTable table = new ResourceTable();
        String[] lines = new String(utf8, StandardCharsets.UTF_8).split("\n");
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith("@ ")) {
                table.groupVersion(lines[i].split(" "));
            } else if (!lines[i].startsWith("#")) {
                int end = i + 1;
                while (end < lines.length && lines[end].startsWith(" ")) {
                    end++;
                }
                table.resource(lines[i].split(" "), List.of(lines).subList(i + 1, end));
                i = end - 1;
            }
        }
        return table;
    }

    List<GroupVersion> groupVersions() {
        return List.copyOf(groupVersions);
    }

    List<Resource> of(GroupVersion gv) {
        return List.copyOf(resources.get(gv));
    }

    private void groupVersion(String[] words) {
        String group = word(words[1]);
        boolean served = words.length < 4;
        GroupVersion gv = new GroupVersion(group, words[2], served && preferred.add(group), served);
        groupVersions.add(gv);
        resources.put(gv, new ArrayList<>());
    }

    private void resource(String[] w, List<String> below) {
        GroupVersion gv = groupVersions.getLast();
        List<Subresource> subresources = below.stream().map(l -> subresource(l.substring(1).split(" "), gv)).toList();
        resources.get(gv).add(new Resource(gv.group(), gv.version(), w[0], w[1], w[2], word(w[3]), w[4].equals("namespaced"),
                Tables.words(w[6]), Tables.words(w[7]), Tables.words(w[8]), subresources, word(w[5]), word(w[9])));
    }

    private static Subresource subresource(String[] w, GroupVersion gv) {
        int slash = w[1].indexOf('/');
        return slash < 0
                ? new Subresource(w[0], gv.group(), gv.version(), w[2], Tables.words(w[3]))
                : new Subresource(w[0], w[1].substring(0, slash), w[1].substring(slash + 1), w[2], Tables.words(w[3]));
    }

    private static String word(String text) {
        return text.equals("-") ? "" : text;
    }
}
