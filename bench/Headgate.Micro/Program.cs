using Headgate.Micro.Routing;

// dotnet run -c Release --project bench/Headgate.Micro
RouteMatchingBenchmark.Run();
