package dev.machine.swarm.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.api.Route.AnsweredBy;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.http.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "/containers/**/json,/containers/json/json,json",
                "/containers/**/json,/containers/node/name/json,node/name",
                "/containers/**/json,/containers/node%2Fname/json,node/name",
                "/containers/**/json,/containers/json,none",
                "/containers/**/json,/containers//json,none",
                "/containers/**,/containers/x,x",
                "/images/**/json,/images/docker.io/library/debian:12/json,docker.io/library/debian:12",
                "/images/**/json,/images/a/history,none",
                "/info,/info,''",
                "/images/**/json,/images//a/json,a",
                "/images/**/json,/images//json,none",
                "/exec/*/json,/exec/x/json,x",
                "/exec/*/json,/exec/x/y/json,none",
                "/exec/*/json,/exec//json,none",
                "/info,/info/,none",
                "/info,/INFO,none",
            })
    void matchesWholeSegments(String pattern, String path, String name) {
        Route route = Route.of("GET", pattern, AnsweredBy.ONE_NODE, call -> Response.empty(200));
        assertThat(route.match(RequestTarget.parse(path))).isEqualTo(name);
    }
}
