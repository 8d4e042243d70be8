using BenchmarkDotNet.Running;
using Ulm.Bench;

if (args is ["planners", .. var rest]) PlannerFigures.Run(rest);
else BenchmarkSwitcher.FromAssembly(typeof(RuleCycle).Assembly).Run(args);
