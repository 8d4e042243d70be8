using BenchmarkDotNet.Running;
using Ulm.Bench;

if (args is ["planners", .. var rest]) PlannerFigures.Run(rest);
else if (args is ["cpu"]) CpuTime.MeasureRules();
else BenchmarkSwitcher.FromAssembly(typeof(RuleCycle).Assembly).Run(args);
