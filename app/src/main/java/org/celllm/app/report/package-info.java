/**
 * The report: one HTML file that opens offline. {@link org.celllm.app.report.ReportPage} is what a page shows, as
 * plain records; {@link org.celllm.app.report.HtmlReport} writes it with its style, script and charts inlined;
 * {@link org.celllm.app.report.UmapProjection} lays the cells out; the rest fill
 * pages from the folders that the other verbs leave.
 */
@NullMarked
package org.celllm.app.report;

import org.jspecify.annotations.NullMarked;
