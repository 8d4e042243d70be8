using BenchmarkDotNet.Running;
using Ulm.Bench;

if (args is ["planners", .. var rest]) PlannerFigures.Run(rest);
else if (args is ["journal", .. var store]) await JournalFigures.RunAsync(store);
else if (args is ["relief"]) PlannerFigures.Relieve();
else if (args is ["cpu"]) CpuTime.MeasureRules();
else if (args is ["diagnose"]) CpuTime.MeasureDiagnoses();
else if (args is ["editor", var program]) await EditorRoundTrip.RunAsync(program);
else if (args is ["policies", var folder]) ManyRules.Write(folder);
else BenchmarkSwitcher.FromAssembly(typeof(RuleCycle).Assembly).Run(args);
