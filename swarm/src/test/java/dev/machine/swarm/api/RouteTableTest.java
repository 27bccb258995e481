package dev.machine.swarm.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.http.RequestTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private final RouteTable table = new RouteTable(RequestBodiesTest.routes());

    @ParameterizedTest
    @CsvSource({
        "HEAD,/_ping,/_ping,''",
        "GET,/containers/json,/containers/json,''",
        "GET,/containers/json/json,/containers/**/json,json",
        "DELETE,/containers/prune,/containers/**,prune",
        "GET,/containers/prune,/containers/prune,''",
        "DELETE,/images/x/get,/images/**,x/get",
        "GET,/images/x/get,/images/**/get,x",
        "GET,/images/json,/images/json,''",
        "GET,/containers/node%2Fname/json,/containers/**/json,node/name",
        "GET,/nodes/x,/nodes/**,x",
    })
    void theFirstRouteThatMatchesIsTaken(String method, String path, String route, String name) {
        RouteTable.Match match = table.find(method, RequestTarget.parse(path));
        assertThat(match.route().path()).isEqualTo(route);
        assertThat(match.name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "PATCH,/containers/json",
        "POST,/info",
        "GET,/Info",
        "GET,/",
        "GET,/unknown/json",
        "GET,/exec/a/b/json",
        "POST,/containers/start",
    })
    void otherPathsAndMethodsHaveNoRoute(String method, String path) {
        assertThat(table.find(method, RequestTarget.parse(path))).isNull();
    }

    @Test
    void onlyAttachAndExecTakeTheirConnectionOver() {
        assertThat(table.routes().stream().filter(Route::hijacks).map(Route::path))
                .containsExactly("/containers/**/attach", "/exec/*/start");
    }
}
