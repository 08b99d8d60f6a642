package io.manul.itests.bench;

import io.manul.itests.ApiClient;
import io.manul.itests.ManulServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Creates, gets and lists of ConfigMaps over HTTP/2, by one client and by sixteen. */
final class Requests {

    private static final int LISTED = 1000;

    private final ManulServer server;
    private final Report report;
    private final int requests;
    private final int lists;

    Requests(ManulServer server, Report report, int requests, int lists) {
        this.server = server;
        this.report = report;
        this.requests = requests;
        this.lists = lists;
    }

    void run() throws Exception {
        fill();
        for (int clients : List.of(1, 16)) {
            List<ApiClient> apis = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                apis.add(new ApiClient(server.kubeconfig(), "https://" + server.space().address() + ":6443"));
            }
            measure(new Clients(apis), "api, " + clients + (clients == 1 ? " client" : " clients"), "bench-" + clients);
        }
    }

    private void fill() throws Exception {
        ApiClient api = new ApiClient(server.kubeconfig(), "https://" + server.space().address() + ":6443");
        for (String namespace : List.of("bench-list", "bench-1", "bench-16")) {
            expect(201, api.send("POST", "/api/v1/namespaces", "application/json", "{\"metadata\":{\"name\":\"" + namespace + "\"}}"));
        }
        new Clients(List.of(api, api, api, api)).run(LISTED, (a, i) -> create(a, "bench-list", i));
    }

    private void measure(Clients clients, String group, String namespace) throws Exception {
        clients.run(requests / 4, (a, i) -> get(a, "bench-list", i % LISTED)); // connections, and the server's code compiled
        Clients.Times creates = clients.run(requests, (a, i) -> create(a, namespace, i));
        report.add(group, "creates", creates.perSecond(), "/s");
        report.times(group, "create", creates.millis());
        Clients.Times gets = clients.run(requests, (a, i) -> get(a, namespace, i));
        report.add(group, "gets", gets.perSecond(), "/s");
        report.times(group, "get", gets.millis());
        Clients.Times all = clients.run(lists, (a, i) -> expect(200, a.send("GET", path("bench-list"), "", "")));
        report.times(group, "list of " + LISTED, all.millis());
    }

    private static String path(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/configmaps";
    }

    private static void create(ApiClient api, String namespace, int i) throws IOException, InterruptedException {
        expect(201, api.send("POST", path(namespace), "application/json", "{\"metadata\":{\"name\":\"c-" + i + "\"},\"data\":{\"key\":\""
                + "v".repeat(200) + "\"}}"));
    }

    private static void get(ApiClient api, String namespace, int i) throws IOException, InterruptedException {
        expect(200, api.send("GET", path(namespace) + "/c-" + i, "", ""));
    }

    static HttpResponse<String> expect(int status, HttpResponse<String> response) {
        if (response.statusCode() != status) {
            throw new AssertionError(response.request().method() + " " + response.uri().getPath() + ": " + response.statusCode() + " " + response.body());
        }
        return response;
    }
}
