/** Growth: when the student is too small, and what shows that a wider one learns more. */
package io.fluxfoam.student.growth;
