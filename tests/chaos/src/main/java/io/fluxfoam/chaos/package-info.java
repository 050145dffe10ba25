/**
 * {@code ./foam chaos}: injects faults into a foam, looks, and says what it found. In the terms of
 * Jepsen: {@code plan} is the generator, {@code fault} the nemesis with the nodes of {@code guest}
 * as its tools, {@code check} the checkers, {@code report} the store; {@code process} is how nodes
 * are found, ended and started. This package wires them into a {@link io.fluxfoam.chaos.ChaosRun
 * run}. Each uses only those before it: plan, process, check, guest, fault, report.
 */
package io.fluxfoam.chaos;
