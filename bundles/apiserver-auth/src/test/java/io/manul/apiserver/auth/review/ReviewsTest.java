package io.manul.apiserver.auth.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.apiserver.auth.Auth;
import io.manul.apiserver.auth.Fakes;
import io.manul.apiserver.auth.Memory;
import io.manul.apiserver.spi.ApiException;
import io.manul.json.Obj;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReviewsTest {

    private final Memory memory = new Memory()
            .put("rbac.authorization.k8s.io", "clusterroles", "{'metadata':{'name':'r'},'rules':[{'verbs':['get'],'apiGroups':[''],'resources':['pods']},"
                    + "{'verbs':['get'],'nonResourceURLs':['/x']}]}")
            .put("rbac.authorization.k8s.io", "clusterrolebindings", "{'metadata':{'name':'b'},'roleRef':{'kind':'ClusterRole','name':'r'},"
                    + "'subjects':[{'kind':'User','name':'u'},{'kind':'Group','name':'g'}]}")
            .put("", "serviceaccounts", "{'metadata':{'namespace':'a','name':'s','uid':'u1'}}");
    private Auth auth;

    @BeforeEach
    void begin() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        io.manul.api.settings.Settings settings = (io.manul.api.settings.Settings) java.lang.reflect.Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {io.manul.api.settings.Settings.class}, (p, m, a) -> "cluster.local");
        auth = Auth.standard(Fakes.pki(Map.of("serviceAccountKey", rsa.generateKeyPair())), memory, (g, r, o) -> false, settings, () -> Fakes.NOW);
    }

    private Obj answer(String kind, String namespace, String review) throws ApiException {
        return auth.reviews().answer(kind, namespace, Fakes.parse(review), Fakes.user("u", "system:authenticated")).at("status");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "SelfSubjectAccessReview | {'spec':{'resourceAttributes':{'verb':'get','resource':'pods','namespace':'a'}}} | true",
        "SelfSubjectAccessReview | {'metadata':{'creationTimestamp':null},'spec':{'resourceAttributes':{'verb':'list','resource':'pods'}}} | false",
        "SelfSubjectAccessReview | {'spec':{'nonResourceAttributes':{'verb':'get','path':'/x'}}} | true",
        "SubjectAccessReview | {'spec':{'user':'v','groups':['g'],'resourceAttributes':{'verb':'get','resource':'pods'}}} | true",
        "SubjectAccessReview | {'spec':{'user':'v','resourceAttributes':{'verb':'get','resource':'pods'}}} | false",
        "SubjectAccessReview | {'spec':{'groups':['g'],'nonResourceAttributes':{'verb':'get','path':'/x'}}} | true",
        "LocalSubjectAccessReview | {'metadata':{'namespace':'a'},'spec':{'user':'u','resourceAttributes':{'verb':'get','resource':'pods','namespace':'a'}}} | true"})
    void access(String kind, String review, boolean allowed) throws Exception {
        assertEquals(allowed, answer(kind, "a", review).flag("allowed"));
    }

    /** A node may list only the pods that are its own (KEP-4601). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{} | false",
        "{'rawSelector':'spec.nodeName=n1'} | true",
        "{'rawSelector':'spec.nodeName=n2'} | false",
        "{'rawSelector':'spec.nodeName'} | false",
        "{'requirements':[{'key':'spec.nodeName','operator':'In','values':['n1']}]} | true",
        "{'requirements':[{'key':'spec.nodeName','operator':'In','values':['n1','n2']}]} | false",
        "{'requirements':[{'key':'spec.nodeName','operator':'NotIn','values':['n1']}]} | false"})
    void accessLimitedByFields(String selector, boolean allowed) throws Exception {
        String review = "{'spec':{'user':'system:node:n1','groups':['system:nodes'],'resourceAttributes':{'verb':'list','resource':'pods','fieldSelector':%s}}}";
        assertEquals(allowed, answer("SubjectAccessReview", "", review.formatted(selector)).flag("allowed"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "SelfSubjectAccessReview | {'spec':{'resourceAttributes':{'fieldSelector':{'rawSelector':'a=b','requirements':[{}]}}}} | spec.resourceAttributes.fieldSelector.rawSelector: Invalid value: 'a=b': may not specified at the same time as requirements",
        "SubjectAccessReview | {'spec':{'resourceAttributes':{'verb':'get'}}} | spec.user: Invalid value: '': at least one of user or group must be specified",
        "SelfSubjectAccessReview | {'spec':{}} | exactly one of nonResourceAttributes or resourceAttributes must be specified",
        "SelfSubjectAccessReview | {'spec':{'resourceAttributes':{},'nonResourceAttributes':{}}} | cannot be specified in combination with resourceAttributes",
        "SelfSubjectAccessReview | {'metadata':{'name':'x'},'spec':{'resourceAttributes':{}}} | must be empty",
        "LocalSubjectAccessReview | {'metadata':{'labels':{'a':'b'}},'spec':{'user':'u','resourceAttributes':{'namespace':'a'}}} | must be empty except for namespace",
        "LocalSubjectAccessReview | {'spec':{'user':'u','resourceAttributes':{'namespace':'b'}}} | must match metadata.namespace",
        "LocalSubjectAccessReview | {'spec':{'user':'u','nonResourceAttributes':{'path':'/x'}}} | disallowed on this kind of request"})
    void whatCannotBeAsked(String kind, String review, String message) {
        ApiException e = assertThrows(ApiException.class, () -> answer(kind, "a", review));
        assertEquals(422, e.code());
        assertTrue(e.getMessage().contains(message.replace('\'', '"')), e.getMessage());
        assertTrue(e.getMessage().startsWith(kind + ".authorization.k8s.io \"\" is invalid: "), e.getMessage());
    }

    @Test
    void tokens() throws Exception {
        String token = auth.tokens().issue("a", "s", Fakes.parse("{'spec':{'audiences':['x','y']}}")).text("status", "token");
        Obj good = answer("TokenReview", "", "{'spec':{'token':'" + token + "','audiences':['y','z','x']}}");
        assertTrue(good.flag("authenticated"));
        assertEquals(List.of("y", "x"), good.strings("audiences"));
        assertEquals("system:serviceaccount:a:s", good.text("user", "username"));
        assertTrue(good.strings("user", "groups").contains("system:authenticated"));
        for (String bad : List.of("{'spec':{'token':'" + token + "','audiences':['z']}}", "{'spec':{'token':'" + token + "'}}", "{'spec':{'token':'x'}}")) {
            assertFalse(answer("TokenReview", "", bad).flag("authenticated"));
        }
        assertEquals(400, assertThrows(ApiException.class, () -> answer("TokenReview", "", "{'spec':{}}")).code());
    }

    @Test
    void selfReviews() throws Exception {
        Obj rules = answer("SelfSubjectRulesReview", "", "{'spec':{'namespace':'a'}}");
        assertEquals(List.of("pods"), rules.objects("resourceRules").getFirst().strings("resources"));
        assertEquals(List.of("/x"), rules.objects("nonResourceRules").getFirst().strings("nonResourceURLs"));
        assertEquals(400, assertThrows(ApiException.class, () -> answer("SelfSubjectRulesReview", "", "{'spec':{}}")).code());
        assertEquals("u", answer("SelfSubjectReview", "", "{}").text("userInfo", "username"));
        assertEquals(404, assertThrows(ApiException.class, () -> answer("Other", "", "{}")).code());
    }
}
