return await Governance.FieldGateway.Commands.CommandLine.RunAsync(args);
