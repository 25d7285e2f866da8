using Headgate.Micro.Http1;
using Headgate.Micro.Routing;

// dotnet run -c Release --project bench/Headgate.Micro [codec | routing]; both without an argument.
if (args is [] or ["codec"])
    CodecBenchmark.Run();
if (args is [] or ["routing"])
    RouteMatchingBenchmark.Run();
