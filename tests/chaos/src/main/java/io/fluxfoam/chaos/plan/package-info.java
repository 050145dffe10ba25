/**
 * What is to be done when: kinds of fault, plans, schedules. Knows no process and no file of a
 * foam.
 */
package io.fluxfoam.chaos.plan;
