package dev.machine.swarm.api;

import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.HttpProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * A client's call without a body, passed to several engines at the same time. It succeeds only if
 * all of them succeed. Questions of the endpoint's own are a {@link FanOutQuery}.
 */
final class FanOutCall {
    private static final int MAX_ANSWER_BYTES = 1 << 20;

    /** Bytes of the answers of all nodes together. */
    private static final int MAX_TOTAL_BYTES = 32 << 20;

    private final Call call;
    private final List<Question> questions = new ArrayList<>();

    private record Question(EngineCache engine, String path) {}

    /** The answer of a node; if it could not be asked, the status is 502 or 503. */
    record Answer(EngineCache engine, int status, String body) {
        boolean good() {
            return status < 300;
        }

        String message() {
            return LimitedJson.shortMessage(bytes());
        }

        byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    FanOutCall(Call call) {
        this.call = call;
    }

    void ask(EngineCache engine, String path) {
        questions.add(new Question(engine, path));
    }

    /** The answers in the order of the questions. */
    List<Answer> all() {
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> running =
                    questions.stream()
                            .map(question -> workers.submit(() -> answer(question)))
                            .toList();
            for (Future<Answer> answer : running) {
                answers.add(answer.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpProblem(503, "the endpoint is stopping");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return answers;
    }

    private int maxBytes() {
        return Math.min(MAX_ANSWER_BYTES, MAX_TOTAL_BYTES / questions.size());
    }

    private Answer answer(Question question) {
        try (EngineReply reply = EngineProxy.send(question.engine, call, question.path)) {
            byte[] body = reply.whole(call.request().share(), maxBytes());
            call.request().share().takeTree(body.length);
            return new Answer(
                    question.engine, reply.status(), new String(body, StandardCharsets.UTF_8));
        } catch (HttpProblem e) {
            return new Answer(question.engine, e.status(), e.sentence());
        } catch (IOException e) {
            return new Answer(question.engine, 502, "the answer broke off: " + e.getMessage());
        }
    }

    /**
     * All answers, if all are good.
     *
     * @throws HttpProblem with the message of each node that failed; with their status if it is the
     *     same, else 500
     */
    static List<Answer> good(List<Answer> answers) {
        List<Answer> bad = answers.stream().filter(answer -> !answer.good()).toList();
        if (bad.isEmpty()) {
            return answers;
        }
        int status = bad.getFirst().status();
        throw new HttpProblem(
                bad.stream().allMatch(answer -> answer.status() == status) ? status : 500,
                bad.stream()
                        .map(answer -> answer.engine().name() + ": " + answer.message())
                        .collect(Collectors.joining("\n")));
    }
}
