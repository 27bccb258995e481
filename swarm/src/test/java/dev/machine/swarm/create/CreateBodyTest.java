package dev.machine.swarm.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.schedule.Expressions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreateBodyTest {
    private static final ApiVersion OLD = new ApiVersion(1, 41);
    private static final ApiVersion NEW = new ApiVersion(1, 44);

    private static CreateBody body(String json) throws IOException {
        return CreateBody.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String sent(CreateBody body, ApiVersion version) throws IOException {
        byte[] settings = body.forEngine("img:2", ApiVersion.NEWEST, version).settings();
        return new String(settings, StandardCharsets.UTF_8).replace('"', '\'');
    }

    @Test
    void unknownFieldsKeepEveryDigit() throws IOException {
        CreateBody body =
                body("{'Image':'img','Later':{'n':1.10,'big':123456789012345678901234567890}}");
        assertThat(sent(body, NEW))
                .isEqualTo(
                        "{'Image':'img:2','Later':{'n':1.10,'big':123456789012345678901234567890}}");
    }

    @Test
    void aMacAddressIsPutWhereAnOldEngineReadsIt() throws IOException {
        CreateBody body =
                body(
                        "{'Image':'i','NetworkingConfig':{'EndpointsConfig':{'bridge':{'MacAddress':'02:42:00:00:00:07'}}}}");
        assertThat(sent(body, OLD)).endsWith(",'MacAddress':'02:42:00:00:00:07'}");
        assertThat(sent(body, NEW)).endsWith("'02:42:00:00:00:07'}}}}");
    }

    @Test
    void expressionsOfTheEnvironmentAreAddedToThoseOfLabels() throws IOException {
        CreateBody body =
                body(
                        "{'Image':'i','Env':['A=b','affinity:container!=~web','constraint:a1==b','reschedule:off'],"
                                + "'Labels':{'com.docker.swarm.constraints':'[\\'c1==d\\']','x':'y'}}"
                                        .replace("\\'", "\\\""));
        Expressions expressions = ExpressionSource.takeFrom(body);
        assertThat(expressions.constraints()).hasToString("[c1==d, a1==b]");
        assertThat(expressions.affinities()).hasToString("[container!=~web]");
        assertThat(body.json().path("Env").toString()).isEqualTo("[\"A=b\"]");
        assertThat(body.labels())
                .containsEntry("x", "y")
                .containsEntry("com.docker.swarm.constraints", "[\"c1==d\",\"a1==b\"]")
                .containsEntry("com.docker.swarm.affinities", "[\"container!=~web\"]")
                .containsEntry("com.docker.swarm.reschedule-policies", "[\"off\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|the settings of a container must be a JSON object",
                "{}|the request names no image",
                "{'Image':'i','Env':['reschedule:maybe']}|invalid reschedule policy: maybe",
                "{'Image':'i','Env':['reschedule:on-node-failure']}|the endpoint does not move containers from a lost node to another yet: create the container without reschedule:on-node-failure",
                "{'Image':'A//b'}|invalid reference format",
                "{'Image':'i','Env':['reschedule:off','reschedule:off']}|too many reschedule policies",
                "{'Image':'i','Labels':{'com.docker.swarm.affinities':'web'}}"
                        + "|the label com.docker.swarm.affinities is not a JSON list: web"
            },
            quoteCharacter = '`')
    void refusesWhatItCannotReadInOneSentence(String json, String sentence) {
        assertThatThrownBy(() -> ExpressionSource.takeFrom(body(json)))
                .isInstanceOfSatisfying(
                        HttpProblem.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessage(sentence);
    }

    @Test
    void invalidJsonIsAnErrorThatSaysSo() {
        assertThatThrownBy(() -> body("{"))
                .hasMessageStartingWith("the settings of the container are not valid JSON: ");
    }
}
