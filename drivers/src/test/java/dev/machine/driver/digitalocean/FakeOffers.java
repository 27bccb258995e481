package dev.machine.driver.digitalocean;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the fake sells: a few things of each kind, in the shape of the real lists. */
final class FakeOffers {
    private static final String ALL = "[\"nyc3\", \"sgp1\", \"ams3\"]";

    private final List<JsonObject> regions =
            Stream.of(
                            region("nyc3", true),
                            region("sgp1", true),
                            region("ams3", true),
                            region("nyc2", false))
                    .toList();
    private final List<JsonObject> sizes =
            Stream.of(
                            size(
                                    "s-1vcpu-512mb-10gb",
                                    512,
                                    1,
                                    10,
                                    "4.0",
                                    "0.5",
                                    "[\"nyc3\", \"sgp1\"]"),
                            size("s-1vcpu-1gb", 1024, 1, 25, "6.0", "1.0", ALL),
                            size("s-1vcpu-2gb", 2048, 1, 50, "12.0", "2.0", ALL),
                            size("s-2vcpu-2gb", 2048, 2, 60, "18.0", "3.0", ALL),
                            size("gpu-1", 245760, 20, 720, "2500.0", "15.0", "[\"ams3\"]"))
                    .toList();
    private final List<JsonObject> images =
            Stream.of(
                            image(131, "debian-11-x64", "Debian", 7),
                            image(132, "debian-12-x64", "Debian", 7),
                            image(133, "debian-13-x64", "Debian", 7),
                            image(141, "ubuntu-22-04-x64", "Ubuntu", 7),
                            image(142, "ubuntu-24-04-x64", "Ubuntu", 7),
                            image(150, "windmill-20-04", "Ubuntu", 25))
                    .toList();

    private static JsonObject region(String slug, boolean available) {
        return json(
                "{\"slug\": \"%s\", \"name\": \"%s\", \"available\": %s, \"sizes\": [], \"features\": []}"
                        .formatted(slug, slug, available));
    }

    private static JsonObject size(
            String slug,
            int memory,
            int cpus,
            int disk,
            String price,
            String transfer,
            String regions) {
        return json(
                """
                {"slug": "%s", "memory": %d, "vcpus": %d, "disk": %d, "transfer": %s, "price_monthly": %s,
                 "price_hourly": 0.00595, "regions": %s, "available": true, "description": "Basic"}
                """
                        .formatted(slug, memory, cpus, disk, transfer, price, regions));
    }

    private static JsonObject image(int id, String slug, String distribution, int disk) {
        return json(
                """
                {"id": %d, "slug": "%s", "name": "%s", "distribution": "%s", "public": true, "regions": %s,
                 "created_at": "2026-01-01T00:00:00Z", "min_disk_size": %d, "size_gigabytes": 0.5, "type": "base",
                 "status": "available", "tags": []}
                """
                        .formatted(id, slug, slug, distribution, ALL, disk));
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    JsonObject regions() {
        return FakeDigitalOcean.list("regions", regions);
    }

    JsonObject sizes() {
        return FakeDigitalOcean.list("sizes", sizes);
    }

    JsonObject images() {
        return FakeDigitalOcean.list("images", images.subList(0, 5));
    }

    Optional<JsonObject> image(String slugOrNumber) {
        return images.stream()
                .filter(
                        it ->
                                it.get("slug").getAsString().equals(slugOrNumber)
                                        || it.get("id").getAsString().equals(slugOrNumber))
                .findFirst();
    }

    /** Whether an order can be carried out; the real one looks just as late. */
    boolean has(JsonObject order) {
        return named(regions, order.get("region"))
                && named(sizes, order.get("size"))
                && image(order.get("image").getAsString()).isPresent();
    }

    private static boolean named(List<JsonObject> offers, JsonElement slug) {
        return offers.stream().anyMatch(it -> it.get("slug").equals(slug));
    }
}
