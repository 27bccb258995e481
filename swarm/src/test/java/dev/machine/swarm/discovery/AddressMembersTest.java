package dev.machine.swarm.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AddressMembersTest {
    private static final PemFiles TLS =
            new PemFiles(Path.of("ca.pem"), Path.of("cert.pem"), Path.of("key.pem"));

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile List<EngineAddress> engines = List.of();
    private volatile Instant now = Instant.EPOCH;
    private final AddressMembers members =
            new AddressMembers(
                    () -> new AddressSource.Addresses(engines, Map.of()),
                    TLS,
                    this::ask,
                    () -> now);

    private String ask(EngineAddress engine) throws IOException {
        questions.incrementAndGet();
        String answer = answers.get(engine.toString());
        if (answer == null) {
            throw new IOException("connection refused");
        }
        return answer;
    }

    private void engines(String... addresses) {
        engines = List.of(addresses).stream().map(EngineAddress::parse).toList();
    }

    private void awaitMembers(String... names) {
        Await.until(
                List.of(names).toString(),
                () -> members.read().members().keySet().equals(java.util.Set.of(names)));
    }

    @Test
    void aNodeHasTheNameThatItsEngineReports() {
        engines("10.0.0.1:2376");
        answers.put("10.0.0.1:2376", "rack-1-node-4");
        awaitMembers("rack-1-node-4");
        Member node = members.read().members().get("rack-1-node-4");
        assertThat(node.address()).isEqualTo("10.0.0.1:2376");
        assertThat(node.ca()).isEqualTo(TLS.ca());
        assertThat(node.cert()).isEqualTo(TLS.cert());
        assertThat(node.key()).isEqualTo(TLS.key());
        assertThat(members.read().errors()).isEmpty();
        assertThat(questions).as("asked once").hasValue(1);
    }

    @Test
    void namesOfClonesStayUnique() {
        engines("10.0.0.1:2376", "10.0.0.2:2376", "10.0.0.2:2377");
        answers.put("10.0.0.1:2376", "raspberrypi");
        awaitMembers("raspberrypi");
        answers.put("10.0.0.2:2376", "raspberrypi");
        now = now.plusSeconds(60);
        awaitMembers("raspberrypi", "10.0.0.2");
        answers.put("10.0.0.2:2377", "raspberrypi");
        now = now.plusSeconds(60);
        awaitMembers("raspberrypi", "10.0.0.2", "10.0.0.2:2377");
        assertThat(members.read().members().get("raspberrypi").host()).isEqualTo("10.0.0.1");
    }

    @Test
    void anInvalidNameIsReplacedByTheHost() {
        engines("10.0.0.1:2376");
        answers.put("10.0.0.1:2376", "a/b");
        awaitMembers("10.0.0.1");
    }

    @Test
    void anEngineThatDoesNotAnswerIsAnErrorAndAskedAgainLater() {
        engines("10.0.0.1:2376");
        Await.until(
                "the error",
                () -> "connection refused".equals(members.read().errors().get("10.0.0.1:2376")));
        assertThat(members.read().members()).isEmpty();
        assertThat(questions).as("not before its time").hasValue(1);
        answers.put("10.0.0.1:2376", "late");
        now = now.plusSeconds(1);
        awaitMembers("late");
    }

    @Test
    void anEngineThatHangsDelaysNoOther() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AddressMembers some =
                new AddressMembers(
                        () -> new AddressSource.Addresses(engines, Map.of()),
                        TLS,
                        engine -> {
                            if (engine.port() == 1) {
                                try {
                                    never.await();
                                } catch (InterruptedException e) {
                                    throw new IOException(e);
                                }
                            }
                            return "good";
                        },
                        () -> now);
        engines("10.0.0.1:1", "10.0.0.2:2");
        Await.until("the other one", () -> some.read().members().containsKey("good"));
        assertThat(some.read().errors()).containsEntry("10.0.0.1:1", "it has not answered yet");
        never.countDown();
    }

    @Test
    void forgetsANodeThatLeft() {
        engines("10.0.0.1:2376");
        answers.put("10.0.0.1:2376", "first");
        awaitMembers("first");
        engines();
        assertThat(members.read().members()).isEmpty();
        answers.put("10.0.0.1:2376", "second");
        engines("10.0.0.1:2376");
        awaitMembers("second");
    }
}
