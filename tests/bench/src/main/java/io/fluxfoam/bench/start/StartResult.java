package io.fluxfoam.bench.start;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import java.util.Map;

/**
 * What {@code bench start --json} prints.
 *
 * @param bareJvmMillis from exec to the first line of a class that does nothing else, default
 *     options
 * @param roles starts by role
 */
@JsonPropertyOrder({"bareJvmMillis", "roles"})
record StartResult(double bareJvmMillis, Map<String, RoleStart> roles) {}
