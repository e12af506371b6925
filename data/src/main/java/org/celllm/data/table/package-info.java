/**
 * Reads text: {@link org.celllm.data.table.TableFile} is a csv or tsv with cells or genes in rows, found by
 * {@link org.celllm.data.table.TableLayout}; {@link org.celllm.data.table.HeadedTable} one whose columns have known names,
 * such as drug responses. {@link org.celllm.data.table.TextLines} hands out lines as bytes and
 * {@link org.celllm.data.table.TextNumbers} reads numbers from them without making a string of each.
 */
@NullMarked
package org.celllm.data.table;

import org.jspecify.annotations.NullMarked;
