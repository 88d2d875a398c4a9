// Chinese dates and words for plotly, whichever bundle is loaded and whenever.
(function () {
  "use strict";
  const months = Array.from({ length: 12 }, (_, month) => month + 1 + "月");
  const weekdays = ["日", "一", "二", "三", "四", "五", "六"];
  const locale = {
    moduleType: "locale",
    name: "zh-CN",
    dictionary: {
      "Click to enter Colorscale title": "点击输入色阶标题",
      "Double-click to zoom back out": "双击恢复原范围",
      "Download plot as a PNG": "下载为图片",
      "Download plot": "下载为图片",
      "Zoom": "缩放",
      "Pan": "平移",
      "Reset axes": "恢复坐标轴",
      "trace": "系列",
      "lat:": "纬度：",
      "lon:": "经度：",
      "max:": "最大：",
      "mean:": "平均：",
      "median:": "中位数：",
      "min:": "最小：",
      "q1:": "下四分位：",
      "q3:": "上四分位：",
      "upper fence:": "上界：",
      "lower fence:": "下界：",
      "source:": "来源：",
      "target:": "去向：",
      "incoming flow count:": "流入数：",
      "outgoing flow count:": "流出数：",
    },
    format: {
      days: weekdays.map((day) => "星期" + day),
      shortDays: weekdays.map((day) => "周" + day),
      months: months,
      shortMonths: months,
      periods: ["上午", "下午"],
      dateTime: "%Y年%-m月%-d日 %H:%M:%S",
      date: "%Y-%m-%d",
      time: "%H:%M:%S",
      year: "%Y年",
      month: "%Y年%-m月",
      dayMonth: "%-m月%-d日",
      dayMonthYear: "%Y年%-m月%-d日",
      decimal: ".",
      thousands: ",",
      grouping: [3],
      currency: ["¥", ""],
    },
  };
  if (window.Plotly) {
    window.Plotly.register(locale);
  } else {
    (window.PlotlyLocales = window.PlotlyLocales || []).push(locale);
  }
})();
