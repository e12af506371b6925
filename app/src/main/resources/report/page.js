(function () {
  'use strict';
  const root = document.documentElement;
  window.addEventListener('error', function (event) {
    root.dataset.ready = 'error';
    const bar = document.createElement('div');
    bar.id = 'broken';
    bar.textContent = 'This report could not be drawn: ' + event.message;
    document.body.prepend(bar);
  });

  const data = JSON.parse(document.getElementById('data').textContent);
  const PALETTE = ['#4477d9', '#e5793b', '#2fa37c', '#c64f8f', '#8d6bd6', '#c9a21d', '#35a7c9', '#d4544f', '#6f9a2f',
    '#a0674b', '#5b6ea6', '#e39ab4', '#12806a', '#9b3fa0', '#b0b83b', '#4f8fb0', '#f0a860', '#74c2a5', '#8a8f98', '#7a4b2a'];
  const main = document.getElementById('main');
  const draws = [];
  let charts = [];

  // ---- building blocks ----
  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === 'class') node.className = value;
      else if (name === 'text') node.textContent = value;
      else node.setAttribute(name, value);
    }
    node.append(...children.filter(function (child) { return child !== null; }));
    return node;
  }

  function part(id, title, lead) {
    const section = make('section', { class: 'part', id: id }, make('h2', { text: title }),
      lead ? make('p', { class: 'lead', text: lead }) : null);
    main.append(section);
    document.getElementById('sections').append(make('a', { href: '#' + id, text: title }));
    return section;
  }

  function card(title, note) {
    return make('div', { class: 'card' }, title ? make('h3', { text: title }) : null,
      note ? make('p', { class: 'note', text: note }) : null);
  }

  function isNumber(text) {
    return /^[-−+]?[\d,]*\.?\d+([eE][-+]?\d+)?\s?%?( ?[±–] ?[\d.]+)*( *\[[-−\d., ]+\])?$/.test(text) || text === '–' || text === '';
  }

  function table(header, rows, marked, kind) {
    const numbers = header.map(function (_, column) {
      return rows.length > 0 && rows.every(function (row) { return isNumber(row[column]); });
    });
    const head = make('tr', {}, ...header.map(function (name, column) {
      return make('th', { text: name, class: numbers[column] ? 'number' : '' });
    }));
    const body = rows.map(function (row, index) {
      return make('tr', { class: index === marked ? 'model' : '' }, ...row.map(function (cell, column) {
        return make('td', { text: cell, class: numbers[column] ? 'number' : '' });
      }));
    });
    return make('div', { class: 'scroll' },
      make('table', { class: kind || '' }, make('thead', {}, head), make('tbody', {}, ...body)));
  }

  function colour(name) {
    return getComputedStyle(root).getPropertyValue('--' + name).trim();
  }

  function escapeText(text) {
    return echarts.format.encodeHTML(String(text));
  }

  /** Draws a chart now and again whenever the theme changes; `option` is asked each time. */
  function chart(element, renderer, option) {
    const draw = function () {
      const made = echarts.init(element, null, { renderer: renderer });
      made.setOption(option());
      charts.push(made);
      return made;
    };
    draws.push(draw);
    return function () {
      const made = echarts.getInstanceByDom(element);
      if (made) made.setOption(option(), true);
    };
  }

  function base() {
    return {
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour('muted') },
      color: PALETTE,
      tooltip: {
        backgroundColor: colour('card'), borderColor: colour('line'), textStyle: { color: colour('ink'), fontSize: 13 },
        confine: true
      }
    };
  }

  function axis(name, extra) {
    return Object.assign({
      name: name, nameLocation: 'middle', nameTextStyle: { color: colour('muted'), fontSize: 12 },
      axisLabel: { color: colour('muted'), fontSize: 12 }, axisLine: { show: false }, axisTick: { show: false },
      splitLine: { lineStyle: { color: colour('line') } }
    }, extra);
  }

  function short(value) {
    if (value === null || value === undefined) return '–';
    const size = Math.abs(value);
    return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  }

  // ---- the parts ----
  function summary() {
    document.getElementById('title').textContent = data.title;
    document.getElementById('subtitle').textContent = data.subtitle;
    if (data.facts.length === 0 && !data.lead) return;
    const section = part('summary', 'Summary', data.lead);
    section.append(make('div', { class: 'facts' }, ...data.facts.map(function (fact) {
      return make('div', { class: 'fact' }, make('div', { class: 'label', text: fact.label }),
        make('div', { class: 'value', text: fact.value }),
        fact.note ? make('div', { class: 'note', text: fact.note }) : null);
    })));
  }

  function leaderboard() {
    const board = data.leaderboard;
    if (!board) return;
    const section = part('leaderboard', 'Leaderboard', board.note);
    const box = card();
    const number = function (text) { return make('td', { class: 'number', text: text }); };
    const body = board.rows.map(function (row) {
      const name = make('td', {}, row.link ? make('a', { href: row.link, text: row.name }) : row.name);
      const verdict = make('td', {}, make('span', { class: 'verdict ' + row.verdict.replace(' ', '-'), text: row.verdict }));
      const one = row.standing;
      if (!one) {
        return make('tr', {}, name, make('td', { text: row.kind }), make('td', { colspan: '5', class: 'muted', text: row.error }), verdict,
          number(row.seconds));
      }
      return make('tr', {}, name, make('td', { text: one.setting }), make('td', { text: one.measure }),
        number(interval(one.score)), make('td', { text: one.baseline || '–' }), number(interval(one.baselineScore)),
        number(interval(one.ahead)), verdict, number(row.seconds));
    });
    const head = [['evaluation'], ['setting'], ['measure'], ['model', 1], ['best baseline'], ['its score', 1], ['ahead by', 1],
      ['verdict'], ['seconds', 1]];
    box.append(make('div', { class: 'scroll' }, make('table', { class: 'leaderboard' },
      make('thead', {}, make('tr', {}, ...head.map(function (title) {
        return make('th', { text: title[0], class: title[1] ? 'number' : '' });
      }))), make('tbody', {}, ...body))));
    section.append(box);
    const compared = board.rows.filter(function (row) { return row.standing && row.standing.ahead.mean !== null; });
    if (compared.length === 0) return;
    const drawn = card('How far the model is ahead', 'Paired by split, with 95% intervals: right of zero the model is ahead.');
    const element = make('div', { class: 'chart', role: 'img', 'aria-label': 'Paired differences' });
    element.style.height = 64 + 38 * compared.length + 'px';
    drawn.append(element);
    section.append(drawn);
    chart(element, 'svg', function () { return aheadChart(compared, element); });
  }

  function aheadChart(rows, element) {
    const left = Math.min(420, element.clientWidth * .5);
    const shade = function (row) { return colour({ won: 'good', lost: 'bad' }[row.verdict] || 'muted'); };
    const reach = Math.max(...rows.map(function (row) {
      const ahead = row.standing.ahead;
      return Math.max(Math.abs(ahead.mean), Math.abs(ahead.low || 0), Math.abs(ahead.high || 0));
    }));
    const step = Math.pow(10, Math.floor(Math.log10(reach || 1)));
    const limit = Number((Math.ceil(1.05 * reach / step) * step).toPrecision(6)) || 1;
    const ahead = rows.map(function (row) { return row.standing.ahead; });
    return Object.assign(base(), {
      grid: { left: left, right: 24, top: 8, bottom: 40 },
      tooltip: { show: false },
      xAxis: axis('ahead of the best baseline by', { type: 'value', nameGap: 24, min: -limit, max: limit }),
      yAxis: axis('', { type: 'category', inverse: true, splitLine: { show: false },
        data: rows.map(function (row) { return row.name + ' · ' + row.standing.setting + ' · ' + row.standing.measure; }),
        axisLabel: { color: colour('ink'), fontSize: 13, lineHeight: 15, width: left - 15, overflow: 'break' } }),
      series: [
        whiskers(ahead, function (i) { return shade(rows[i]); }),
        { type: 'scatter', symbolSize: 11, data: ahead.map(function (one, i) {
            return { value: [one.mean, i], itemStyle: { color: shade(rows[i]) } };
          }),
          markLine: { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: colour('ink'), type: 'solid', width: 1 },
            data: [{ xAxis: 0 }] } }
      ]
    });
  }

  function read() {
    if (data.tables.length === 0) return;
    const section = part('data', 'Data', 'What was read, and from where.');
    for (const one of data.tables) {
      const box = card(one.title, one.note);
      box.append(table(one.header, one.rows));
      section.append(box);
    }
  }

  function training() {
    if (data.panels.length === 0) return;
    const section = part('training', 'Training', 'One point a logged step; hover for values.');
    const grid = make('div', { class: 'grid' });
    section.append(grid);
    for (const panel of data.panels) {
      const box = card(panel.title, panel.note);
      const element = make('div', { class: 'chart', role: 'img', 'aria-label': panel.title });
      box.append(element);
      grid.append(box);
      chart(element, 'svg', function () { return curveChart(panel, 'step', 'value'); });
    }
  }

  /** `scale` of both axes: value or log. */
  function curveChart(panel, step, scale) {
    return Object.assign(base(), {
      grid: { left: 58, right: 16, top: panel.curves.length > 1 ? 32 : 12, bottom: 42 },
      legend: { show: panel.curves.length > 1, type: 'scroll', top: 0, left: 0, icon: 'roundRect', itemWidth: 14, itemHeight: 4,
        textStyle: { color: colour('muted') }, pageTextStyle: { color: colour('muted') }, pageIconColor: colour('muted') },
      tooltip: Object.assign(base().tooltip, { trigger: 'axis', valueFormatter: short }),
      xAxis: axis(step, { type: scale, nameGap: 26, min: 'dataMin', max: 'dataMax', splitLine: { show: false },
        axisLabel: Object.assign({ color: colour('muted') }, scale === 'log' ? { formatter: short } : {}) }),
      yAxis: axis(panel.unit, { type: scale, scale: true, nameGap: 44, axisLabel: { color: colour('muted'), formatter: short },
        min: scale === 'log' ? function (range) { return Math.max(Math.pow(10, Math.floor(Math.log10(range.min))), 1e-4); } : null }),
      series: panel.curves.map(function (curve) {
        return { name: curve.name, type: 'line', showSymbol: curve.values.length < 3, symbolSize: 5,
          lineStyle: { width: curve.dashed ? 1.5 : 2, type: curve.dashed ? 'dashed' : 'solid' },
          data: curve.values.map(function (value, i) { return [curve.steps[i], value]; }) };
      })
    });
  }

  function cells() {
    const map = data.map;
    if (!map) return;
    const section = part('cells', 'Cells', map.note);
    const box = card();
    const choice = make('select', { id: 'colouring' }, ...map.colourings.map(function (one, index) {
      return make('option', { value: String(index), text: one.name });
    }));
    const size = make('select', { id: 'size' }, ...[['small', 3], ['medium', 5], ['large', 8]].map(function (one) {
      return make('option', { value: String(one[1]), text: one[0] });
    }));
    size.value = map.x.length > 5000 ? '3' : '5';
    box.append(make('div', { class: 'controls' },
      make('label', {}, 'Colour by', choice), make('label', {}, 'Points', size),
      make('span', { class: 'muted', text: map.x.length.toLocaleString('en') + ' cells · scroll to zoom, drag to move' })));
    const element = make('div', { class: 'chart map', role: 'img', 'aria-label': 'UMAP of the cell embeddings' });
    box.append(element);
    section.append(box);

    const redraw = chart(element, 'canvas', function () {
      const by = map.colourings[Number(choice.value)];
      const narrow = element.clientWidth < 640;
      const legendRoom = by && by.categories && !narrow ? 230 : 20;
      const option = Object.assign(base(), {
        grid: { left: 14, right: by && !by.categories ? 90 : legendRoom, top: narrow ? 60 : 10, bottom: 14 },
        xAxis: { type: 'value', scale: true, show: false }, yAxis: { type: 'value', scale: true, show: false },
        dataZoom: [{ type: 'inside', xAxisIndex: 0 }, { type: 'inside', yAxisIndex: 0 }]
      });
      const dot = Number(size.value);
      if (!by) {
        option.series = [{ type: 'scatter', symbolSize: dot, itemStyle: { opacity: .75 },
          data: map.x.map(function (x, i) { return [x, map.y[i]]; }) }];
      } else if (by.categories) {
        const groups = by.categories.map(function () { return []; });
        const missing = [];
        by.codes.forEach(function (code, i) { (code < 0 ? missing : groups[code]).push([map.x[i], map.y[i], i]); });
        const style = { type: 'scatter', symbolSize: dot, itemStyle: { opacity: .78 }, emphasis: { focus: 'series' } };
        option.series = by.categories.map(function (name, code) {
          return Object.assign({ name: name + ' (' + groups[code].length.toLocaleString('en') + ')', data: groups[code] }, style);
        });
        if (missing.length > 0) {
          option.series.unshift(Object.assign({ name: 'not given (' + missing.length.toLocaleString('en') + ')', data: missing }, style,
            { color: colour('muted'), itemStyle: { opacity: .35 } }));
        }
        option.legend = Object.assign({ type: 'scroll', icon: 'circle', itemWidth: 10, itemHeight: 10,
          textStyle: { color: colour('ink'), width: narrow ? 150 : 185, overflow: 'truncate' },
          pageTextStyle: { color: colour('muted') }, pageIconColor: colour('muted'), tooltip: { show: true } },
          narrow ? { top: 0, left: 0 } : { orient: 'vertical', right: 0, top: 10, bottom: 10 });
        option.tooltip.formatter = function (point) { return escapeText(point.seriesName.replace(/ \([\d,]+\)$/, '')); };
      } else {
        const known = by.values.filter(function (value) { return value !== null; });
        option.visualMap = { type: 'continuous', dimension: 2, right: 6, top: 'middle', precision: 3, calculable: true,
          min: known.length ? known.reduce(function (a, b) { return Math.min(a, b); }) : 0,
          max: known.length ? known.reduce(function (a, b) { return Math.max(a, b); }) : 1,
          inRange: { color: ['#3b4cc0', '#6f92f3', '#aac7fd', '#f2cbb7', '#ee8468', '#b40426'] },
          outOfRange: { color: [colour('line')] }, textStyle: { color: colour('muted') } };
        option.series = [{ type: 'scatter', symbolSize: dot, itemStyle: { opacity: .85 },
          data: map.x.map(function (x, i) { return [x, map.y[i], by.values[i]]; }) }];
        option.tooltip.formatter = function (point) { return escapeText(by.name + ': ' + short(point.value[2])); };
      }
      return option;
    });
    choice.addEventListener('change', redraw);
    size.addEventListener('change', redraw);
  }

  function interval(score) {
    return score.low === null ? short3(score.mean) : short3(score.mean) + '  [' + short3(score.low) + ', ' + short3(score.high) + ']';
  }

  function short3(value) {
    return value === null || value === undefined ? '–' : value.toFixed(3);
  }

  function scores() {
    if (data.scores.length === 0 && data.confusions.length === 0) return;
    const section = part('scores', 'Scores', 'The model beside its baselines, fitted and scored on the same splits.');
    for (const board of data.scores) {
      const box = card(board.title, board.note);
      const rows = board.methods.map(function (method) {
        return [method.name].concat(method.scores.map(interval));
      });
      const marked = board.methods.findIndex(function (method) { return method.model; });
      box.append(table(['method'].concat(board.metrics), rows, marked));
      const grid = make('div', { class: board.shown.length > 1 ? 'grid' : '' });
      box.append(grid);
      section.append(box);
      for (const metric of board.shown) {
        const element = make('div', { class: 'chart', role: 'img', 'aria-label': board.metrics[metric] + ' by method' });
        element.style.height = 64 + 38 * board.methods.length + 'px';
        grid.append(element);
        chart(element, 'svg', function () { return scoreChart(board, metric, element); });
      }
    }
    data.confusions.forEach(function (one, index) { confusion(section, one, index); });
  }

  function scoreChart(board, metric, element) {
    const names = board.methods.map(function (method) { return method.name; });
    const shown = board.methods.map(function (method) { return method.scores[metric]; });
    return Object.assign(base(), {
      grid: { left: Math.min(260, element.clientWidth * .45), right: 24, top: 8, bottom: 40 },
      tooltip: { show: false },
      xAxis: axis(board.metrics[metric], { type: 'value', nameGap: 24, scale: true,
        min: function (range) { return range.min < 0 ? Math.floor(range.min * 10) / 10 : Math.max(0, Math.floor((range.min - .05) * 10) / 10); },
        max: 1 }),
      yAxis: axis('', { type: 'category', data: names, inverse: true, splitLine: { show: false },
        axisLabel: { color: colour('ink'), fontSize: 13, lineHeight: 15, width: Math.min(245, element.clientWidth * .43), overflow: 'break' } }),
      series: [
        whiskers(shown, function (i) { return board.methods[i].model ? colour('accent') : colour('muted'); }),
        { type: 'scatter', symbolSize: 11, data: shown.map(function (score, i) {
          return { value: [score.mean, i], itemStyle: { color: board.methods[i].model ? colour('accent') : colour('muted') } };
        }) }
      ]
    });
  }

  /** The intervals of scores, one a row of the chart. */
  function whiskers(scores, stroke) {
    return { type: 'custom', silent: true, data: scores.map(function (score, i) { return [score.low, score.high, i]; }),
      encode: { x: [0, 1], y: 2 },
      renderItem: function (parameters, api) {
        if (isNaN(api.value(0)) || isNaN(api.value(1))) return null;
        const from = api.coord([api.value(0), api.value(2)]), to = api.coord([api.value(1), api.value(2)]);
        return { type: 'line', shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
          style: { stroke: stroke(api.value(2)), lineWidth: 2.5, opacity: .55 } };
      } };
  }

  function confusion(section, one, index) {
    const box = card(one.title, one.note);
    const choice = make('select', { id: 'confusion-' + index }, make('option', { value: 'share', text: 'share of the true class' }),
      make('option', { value: 'count', text: 'cells' }));
    box.append(make('div', { class: 'controls' }, make('label', {}, 'Show', choice)));
    const element = make('div', { class: 'chart', role: 'img', 'aria-label': 'Confusion matrix' });
    const side = Math.max(26, Math.min(52, 560 / one.rows.length));
    element.style.height = 150 + side * one.rows.length + 'px';
    box.append(element);
    section.append(box);
    const sums = one.counts.map(function (row) { return row.reduce(function (a, b) { return a + b; }, 0); });
    const most = one.counts.reduce(function (a, row) { return Math.max(a, ...row); }, 1);
    const redraw = chart(element, 'svg', function () {
      const share = choice.value === 'share';
      const dark = root.dataset.theme === 'dark';
      const points = [];
      one.counts.forEach(function (row, truth) {
        row.forEach(function (count, said) {
          const value = share ? (sums[truth] === 0 ? 0 : count / sums[truth]) : count;
          const strong = value > (share ? 1 : most) * .5;
          points.push({ value: [said, truth, value, count], label: { color: strong ? (dark ? '#0b1526' : '#fff') : colour('ink') } });
        });
      });
      return Object.assign(base(), {
        grid: { left: Math.min(210, element.clientWidth * .32), right: 20, top: 26, bottom: 110 },
        tooltip: Object.assign(base().tooltip, { formatter: function (cell) {
          const v = cell.value;
          return escapeText(one.rows[v[1]]) + ' called ' + escapeText(one.columns[v[0]]) + '<br><b>' + v[3].toLocaleString('en') +
            '</b> of ' + sums[v[1]].toLocaleString('en') + ' cells';
        } }),
        xAxis: axis('predicted', { type: 'category', data: one.columns, position: 'bottom', nameGap: 88, splitLine: { show: false },
          axisLabel: { color: colour('ink'), rotate: 38, fontSize: 12, interval: 0, width: 110, overflow: 'truncate' } }),
        yAxis: axis('', { type: 'category', data: one.rows, inverse: true, splitLine: { show: false },
          axisLabel: { color: colour('ink'), fontSize: 12, interval: 0, width: Math.min(195, element.clientWidth * .3), overflow: 'truncate' } }),
        visualMap: { show: false, dimension: 2, min: 0, max: share ? 1 : most,
          inRange: { color: dark ? ['#1d2531', '#27457f', '#4a80dd', '#a5c6ff'] : ['#f4f7fc', '#b9d1f7', '#5c92e6', '#1b4aa0'] } },
        series: [{ type: 'heatmap', data: points, itemStyle: { borderColor: colour('card'), borderWidth: 2, borderRadius: 4 },
          label: { show: one.columns.length <= 16, fontSize: 12, formatter: function (cell) {
            const v = cell.value;
            if (v[3] === 0) return '';
            return share ? v[2].toFixed(2).replace(/^0/, '') : String(v[3]);
          } } }]
      });
    });
    choice.addEventListener('change', redraw);
  }

  function isotropy() {
    const shown = data.isotropy;
    if (!shown) return;
    const section = part('isotropy', 'Isotropy', 'Whether embeddings spread over the space or lie in a narrow cone. Spread out: a mean ' +
      'cosine near 0, an effective rank near the number of dimensions, a spectrum that falls slowly. Two views of a cell should lie ' +
      'close (low alignment) while cells lie apart (low uniformity): towards the lower left.');
    for (const one of shown.tables) {
      const box = card(one.title, one.note);
      box.append(table(one.header, one.rows));
      section.append(box);
    }
    const grid = make('div', { class: 'grid' });
    section.append(grid);
    const add = function (title, note, option) {
      const one = card(title, note);
      const element = make('div', { class: 'chart', role: 'img', 'aria-label': title });
      one.append(element);
      grid.append(one);
      chart(element, 'svg', function () { return option(element); });
    };
    for (const panel of shown.spectra) {
      add(panel.title, panel.note, function () { return curveChart(panel, 'k', 'log'); });
    }
    add('Mean cosine of different cells', 'Near 1 all embeddings point the same way.',
      function (element) { return cosineChart(shown.points, element); });
    add('Alignment and uniformity', 'Of two views of each cell; lower is better in both.',
      function () { return agreementChart(shown.points); });
  }

  function cosineChart(points, element) {
    const left = Math.min(170, element.clientWidth * .35);
    return Object.assign(base(), {
      grid: { left: left, right: 24, top: 8, bottom: 42 },
      tooltip: Object.assign(base().tooltip, { formatter: function (bar) {
        return escapeText(bar.name) + ': ' + interval(points[bar.dataIndex].meanCosine);
      } }),
      xAxis: axis('mean cosine', { type: 'value', nameGap: 26 }),
      yAxis: axis('', { type: 'category', data: points.map(function (point) { return point.name; }), inverse: true,
        splitLine: { show: false }, axisLabel: { color: colour('ink'), fontSize: 13, lineHeight: 15, width: left - 15, overflow: 'break' } }),
      series: [
        { type: 'bar', barMaxWidth: 22, data: points.map(function (point, i) {
          return { value: point.meanCosine.mean, itemStyle: { color: PALETTE[i % PALETTE.length], opacity: point.reference ? .45 : 1 } };
        }) },
        whiskers(points.map(function (point) { return point.meanCosine; }), function () { return colour('ink'); })
      ]
    });
  }

  function agreementChart(points) {
    return Object.assign(base(), {
      grid: { left: 58, right: 24, top: 32, bottom: 42 },
      legend: { type: 'scroll', top: 0, left: 0, itemWidth: 10, itemHeight: 10, textStyle: { color: colour('muted') },
        pageTextStyle: { color: colour('muted') }, pageIconColor: colour('muted') },
      tooltip: Object.assign(base().tooltip, { formatter: function (dot) {
        const point = points[dot.seriesIndex];
        return escapeText(point.name) + '<br>alignment ' + interval(point.alignment) + '<br>uniformity ' + interval(point.uniformity);
      } }),
      xAxis: axis('alignment', { type: 'value', nameGap: 26, min: 0 }),
      yAxis: axis('uniformity', { type: 'value', scale: true, nameGap: 40, max: 0 }),
      series: points.map(function (point) {
        return { name: point.name, type: 'scatter', symbol: point.reference ? 'diamond' : 'circle', symbolSize: 13,
          data: [[point.alignment.mean, point.uniformity.mean]] };
      })
    });
  }

  function distributions() {
    if (data.histograms.length === 0) return;
    const section = part('distributions', 'Distributions', 'How cells and genes are spread; hover for values.');
    const grid = make('div', { class: 'grid' });
    section.append(grid);
    for (const one of data.histograms) {
      const box = card(one.title, one.note);
      const element = make('div', { class: 'chart', role: 'img', 'aria-label': one.title });
      box.append(element);
      grid.append(box);
      chart(element, 'svg', function () { return histogramChart(one); });
    }
  }

  /** Steps over the edges of the bins, groups over each other. */
  function histogramChart(one) {
    const several = one.bars.length > 1;
    const whole = function (value) { return value >= 1000 ? Math.round(value).toLocaleString('en') : short(value); };
    return Object.assign(base(), {
      grid: { left: 58, right: 20, top: several ? 32 : 12, bottom: 42 },
      legend: { show: several, type: 'scroll', top: 0, left: 0, icon: 'roundRect', itemWidth: 14, itemHeight: 4,
        textStyle: { color: colour('muted'), width: 150, lineHeight: 18, overflow: 'truncate' }, pageTextStyle: { color: colour('muted') }, pageIconColor: colour('muted') },
      tooltip: Object.assign(base().tooltip, { trigger: 'axis', formatter: function (points) {
        const bin = Math.min(Math.max(points[0].dataIndex - 1, 0), one.edges.length - 2);
        return whole(one.edges[bin]) + ' to ' + whole(one.edges[bin + 1]) + points.map(function (point) {
          return '<br>' + point.marker + (several ? escapeText(point.seriesName) + ': ' : '') + '<b>' +
            short(one.bars[point.seriesIndex].heights[bin]) + '</b>';
        }).join('');
      } }),
      xAxis: axis(one.axis, { type: one.logarithmic ? 'log' : 'value', nameGap: 26, min: one.edges[0],
        max: one.edges[one.edges.length - 1], splitLine: { show: false },
        axisLabel: { color: colour('muted'), formatter: whole, hideOverlap: true, showMinLabel: false, showMaxLabel: false } }),
      yAxis: axis(one.unit, { type: 'value', min: 0, nameGap: 40, axisLabel: { color: colour('muted'), formatter: whole } }),
      series: one.bars.map(function (group) {
        const steps = [[one.edges[0], 0]];
        group.heights.forEach(function (height, bin) { steps.push([one.edges[bin], height]); });
        steps.push([one.edges[one.edges.length - 1], 0]);
        return { name: group.name, type: 'line', step: 'end', showSymbol: false, lineStyle: { width: 1.5 },
          areaStyle: { opacity: several ? .12 : .25 }, data: steps };
      })
    });
  }

  function flatten(prefix, value, rows) {
    if (value !== null && typeof value === 'object' && !(Array.isArray(value) && value.every(function (v) { return v === null || typeof v !== 'object'; }))) {
      Object.keys(value).forEach(function (key) { flatten(prefix ? prefix + '.' + key : key, value[key], rows); });
    } else {
      rows.push([prefix, Array.isArray(value) ? value.join(', ') : String(value)]);
    }
  }

  function settings() {
    if (data.settings.length === 0) return;
    const section = part('settings', 'Settings', 'Enough to run it again.');
    const box = card();
    data.settings.forEach(function (group, index) {
      const rows = [];
      flatten('', group.values, rows);
      const shown = make('details', {}, make('summary', { text: group.name }), table(['setting', 'value'], rows, -1, 'settings'));
      if (index === 0) shown.open = true;
      box.append(shown);
    });
    section.append(box);
  }

  // ---- theme ----
  function drawAll() {
    charts.forEach(function (one) { one.dispose(); });
    charts = [];
    draws.forEach(function (draw) { draw(); });
  }

  const wanted = window.matchMedia('(prefers-color-scheme: dark)');
  root.dataset.theme = wanted.matches ? 'dark' : 'light';
  wanted.addEventListener('change', function () { root.dataset.theme = wanted.matches ? 'dark' : 'light'; drawAll(); });
  document.getElementById('theme').addEventListener('click', function () {
    root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    drawAll();
  });
  window.addEventListener('resize', function () { charts.forEach(function (one) { one.resize(); }); });

  summary();
  leaderboard();
  distributions();
  read();
  training();
  cells();
  scores();
  isotropy();
  settings();
  document.getElementById('foot').textContent = data.footer;
  drawAll();

  const links = Array.from(document.querySelectorAll('nav a'));
  const seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) {
        links.forEach(function (link) { link.classList.toggle('here', link.hash === '#' + entry.target.id); });
      }
    });
  }, { rootMargin: '-20% 0px -70% 0px' });
  document.querySelectorAll('section.part').forEach(function (section) { seen.observe(section); });
  root.dataset.charts = String(charts.length);
  if (root.dataset.ready !== 'error') root.dataset.ready = 'yes';
})();
