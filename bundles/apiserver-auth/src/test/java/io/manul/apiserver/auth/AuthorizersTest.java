package io.manul.apiserver.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.manul.apiserver.spi.Attributes;
import io.manul.apiserver.spi.Authorizer;
import io.manul.apiserver.spi.Decision;
import io.manul.apiserver.spi.Decision.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizersTest {

    private static Attributes attributes(String verb, String group, String resource, String sub, String namespace, String name, String path) {
        return new Attributes(Fakes.user("bob"), verb, group, "v1", resource, sub, namespace, name, path, path.isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "-", value = {
        "get||pods||a|x|| NO_OPINION ||pods \"x\" is forbidden: User \"bob\" cannot get resource \"pods\" in API group \"\" in the namespace \"a\"",
        "list|apps|deployments||||| NO_OPINION ||deployments.apps is forbidden: User \"bob\" cannot list resource \"deployments\" in API group \"apps\" at the cluster scope",
        "create||pods|exec|a|x|| DENY |why|pods \"x\" is forbidden: User \"bob\" cannot create resource \"pods/exec\" in API group \"\" in the namespace \"a\": why",
        "get||||||/metrics| NO_OPINION ||forbidden: User \"bob\" cannot get path \"/metrics\""})
    void refusals(String verb, String group, String resource, String sub, String namespace, String name, String path, Kind kind, String reason,
            String message) {
        Attributes a = attributes(verb, text(group), text(resource), text(sub), text(namespace), text(name), text(path));
        assertEquals(message, Authorizers.forbidden(a, new Decision(kind, text(reason))).getMessage());
    }

    private static String text(String s) {
        return s == null ? "" : s;
    }

    @Test
    void theFirstWithAnOpinionDecides() {
        List<String> asked = new ArrayList<>();
        Authorizer silent = one(asked, "silent", Kind.NO_OPINION);
        Authorizer yes = one(asked, "yes", Kind.ALLOW);
        Authorizer no = one(asked, "no", Kind.DENY);
        Attributes a = attributes("get", "", "pods", "", "a", "x", "");
        assertEquals(Kind.ALLOW, new Authorizers(List.of(silent, yes, no)).authorize(a).kind());
        assertEquals(List.of("silent", "yes"), asked);
        assertEquals(new Decision(Kind.DENY, "no"), new Authorizers(List.of(silent, no, yes)).authorize(a));
        assertEquals(new Decision(Kind.NO_OPINION, "silent; silent"), new Authorizers(List.of(silent, silent)).authorize(a));
        assertEquals(new Decision(Kind.NO_OPINION, ""), new Authorizers(List.of()).authorize(a));
    }

    private static Authorizer one(List<String> asked, String name, Kind kind) {
        return a -> {
            asked.add(name);
            return new Decision(kind, name);
        };
    }
}
