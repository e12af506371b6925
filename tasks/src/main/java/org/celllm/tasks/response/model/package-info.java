/** Models of drug response. */
@NullMarked
package org.celllm.tasks.response.model;

import org.jspecify.annotations.NullMarked;
