package dev.machine.swarm.api;

import dev.machine.swarm.engine.EngineMirror;
import dev.machine.swarm.http.HttpProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One question put to all healthy engines side by side. A question brings its own deadline; an
 * engine that fails to answer does not spoil what the others say.
 */
final class FanOut<T> {
    private final LinkedBlockingQueue<Answer<T>> answers = new LinkedBlockingQueue<>();
    private final int asked;

    /** What is asked of an engine. */
    @FunctionalInterface
    interface Question<T> {
        /** Asks; null if the engine has nothing to say. */
        @Nullable T put(EngineMirror engine) throws IOException;
    }

    /**
     * What one engine said.
     *
     * @param problem why it said nothing, or null
     */
    record Answer<T>(EngineMirror engine, @Nullable T value, @Nullable HttpProblem problem) {}

    private FanOut(List<EngineMirror> engines, Question<T> question) {
        asked = engines.size();
        for (EngineMirror engine : engines) {
            Thread.ofVirtual()
                    .name("ask-" + engine.name())
                    .start(() -> answers.add(answer(engine, question)));
        }
    }

    static <T> FanOut<T> ask(Collection<EngineMirror> engines, Question<T> question) {
        return new FanOut<>(
                engines.stream().filter(engine -> engine.status().healthy()).toList(), question);
    }

    private static <T> Answer<T> answer(EngineMirror engine, Question<T> question) {
        try {
            return new Answer<>(engine, question.put(engine), null);
        } catch (HttpProblem e) {
            return new Answer<>(engine, null, e);
        } catch (IOException | RuntimeException e) {
            String sentence = "node " + engine.name() + " did not answer: " + e.getMessage();
            return new Answer<>(engine, null, new HttpProblem(502, sentence));
        }
    }

    /** The first that has something to say, without waiting for the rest; null if none has. */
    @Nullable T first() {
        for (int i = 0; i < asked; i++) {
            T value = next().value();
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** What all said, as it came. */
    List<Answer<T>> all() {
        List<Answer<T>> all = new ArrayList<>();
        for (int i = 0; i < asked; i++) {
            all.add(next());
        }
        return all;
    }

    private Answer<T> next() {
        try {
            return answers.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpProblem(503, "the endpoint is stopping");
        }
    }
}
