using Headgate.Micro.Http1;
using Headgate.Micro.LoadBalancing;
using Headgate.Micro.Routing;

// dotnet run -c Release --project bench/Headgate.Micro [codec | routing | picks]; all of them without an argument.
if (args is [] or ["codec"])
    CodecBenchmark.Run();
if (args is [] or ["routing"])
    RouteMatchingBenchmark.Run();
if (args is [] or ["picks"])
    PickBenchmark.Run();
