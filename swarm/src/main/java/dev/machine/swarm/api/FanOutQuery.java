package dev.machine.swarm.api;

import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.EngineStatusException;
import dev.machine.swarm.http.HttpProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A question of the endpoint's own, put to all healthy engines at the same time. Answers count even
 * if other engines fail. Each question has a deadline of its own. A client's call that all engines
 * must carry out is a {@link FanOutCall}.
 */
final class FanOutQuery<T> {
    private static final Logger LOG = LoggerFactory.getLogger(FanOutQuery.class);

    private final Map<EngineCache, Future<T>> asked = new LinkedHashMap<>();
    private final LinkedBlockingQueue<Future<T>> done = new LinkedBlockingQueue<>();

    /** A question to one engine. */
    @FunctionalInterface
    interface Question<T> {
        T put(EngineCache engine) throws IOException;
    }

    /**
     * The answer of one engine.
     *
     * @param problem why it has not answered, or null
     */
    record Answer<T>(EngineCache engine, @Nullable T value, @Nullable HttpProblem problem) {}

    private FanOutQuery(List<EngineCache> engines, Question<T> question) {
        for (EngineCache engine : engines) {
            FutureTask<T> task = new FutureTask<>(() -> question.put(engine));
            asked.put(engine, task);
            Thread.ofVirtual()
                    .name("ask-" + engine.name())
                    .start(
                            () -> {
                                task.run();
                                done.add(task);
                            });
        }
    }

    static <T> FanOutQuery<T> ask(Collection<EngineCache> engines, Question<T> question) {
        return new FanOutQuery<>(
                engines.stream().filter(engine -> engine.status().healthy()).toList(), question);
    }

    /** The first good answer, without waiting for the others; null if all failed. */
    @Nullable T first() {
        try {
            for (int i = 0; i < asked.size(); i++) {
                Future<T> next = done.take();
                if (next.state() == Future.State.SUCCESS) {
                    return next.resultNow();
                }
            }
            return null;
        } catch (InterruptedException e) {
            throw stopping();
        }
    }

    /** All answers, in the order of the engines. */
    List<Answer<T>> all() {
        List<Answer<T>> all = new ArrayList<>();
        asked.forEach((engine, answer) -> all.add(answer(engine, answer)));
        return all;
    }

    /**
     * The good answers, in the order of the engines; those that failed are left out and logged.
     *
     * @param undone what is missing without them, for the log
     */
    Map<EngineCache, T> answered(String undone) {
        Map<EngineCache, T> answered = new LinkedHashMap<>();
        for (Answer<T> answer : all()) {
            if (answer.value() != null) {
                answered.put(answer.engine(), answer.value());
            } else if (answer.problem() != null) {
                LOG.warn("{}: {}: {}", answer.engine().name(), undone, answer.problem().sentence());
            }
        }
        return answered;
    }

    /**
     * The same, but not if all engines failed.
     *
     * @throws HttpProblem the reason of the first one that failed, if none answered
     */
    Map<EngineCache, T> answeredBySome(String undone) {
        Map<EngineCache, T> answered = answered(undone);
        if (answered.isEmpty()) {
            for (Answer<T> answer : all()) {
                if (answer.problem() != null) {
                    throw answer.problem();
                }
            }
        }
        return answered;
    }

    private static <T> Answer<T> answer(EngineCache engine, Future<T> answer) {
        try {
            return new Answer<>(engine, answer.get(), null);
        } catch (ExecutionException e) {
            return new Answer<>(engine, null, problem(engine, e.getCause()));
        } catch (InterruptedException e) {
            throw stopping();
        }
    }

    private static HttpProblem problem(EngineCache engine, @Nullable Throwable cause) {
        if (cause instanceof HttpProblem problem) {
            return problem;
        }
        if (cause instanceof EngineStatusException refused) {
            return new HttpProblem(
                    refused.status(), "node " + engine.name() + ": " + refused.getMessage());
        }
        String reason = cause == null ? "no reason" : cause.getMessage();
        return EngineProxy.unanswered(engine, reason);
    }

    private static HttpProblem stopping() {
        Thread.currentThread().interrupt();
        return new HttpProblem(503, "the endpoint is stopping");
    }
}
