using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Ulm.Bench.RuleCycle).Assembly).Run(args);
